package io.facestream.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.models.Calibration;
import io.facestream.models.ModelVersion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PerLiveVersionTest {
    private static final ModelVersion FIRST = version("first-1");
    private static final ModelVersion SECOND = version("second-1");

    private final List<String> opened = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();
    private final PerLiveVersion<String> networks = new PerLiveVersion<>(
            version -> {
                opened.add(version.version());
                return "network of " + version.version();
            },
            closed::add);

    private static ModelVersion version(String name) {
        return new ModelVersion(
                name, "test", 4, 112, true, ModelVersion.Status.STANDBY, 0.9f, 0.1f, Calibration.NONE, "00".repeat(32));
    }

    @Test
    void oneIsOpenedWhenItIsFirstNeededAndThenKept() throws Exception {
        networks.retain(List.of(FIRST, SECOND));
        assertThat(networks.of(FIRST)).isEqualTo("network of first-1");
        networks.retain(List.of(FIRST, SECOND));
        assertThat(networks.of(FIRST)).isEqualTo("network of first-1");

        assertThat(opened).containsExactly("first-1");
        assertThat(closed).isEmpty();
    }

    @Test
    void thatOfAVersionWhichIsNoLongerLiveIsClosedOnceAndOpenedAgainIfItComesBack() throws Exception {
        networks.of(FIRST);
        networks.of(SECOND);

        networks.retain(List.of(SECOND));
        networks.retain(List.of(SECOND));
        assertThat(closed).containsExactly("network of first-1");

        networks.of(FIRST);
        assertThat(opened).containsExactly("first-1", "second-1", "first-1");
    }
}
