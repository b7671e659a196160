package io.facestream.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CameraSettingsTest {
    private static CameraSettings settings(String... settings) {
        Map<String, String> properties = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            properties.put("facestream.detection." + settings[i], settings[i + 1]);
        }
        return new CameraSettings(new SmallRyeConfigBuilder()
                .withMapping(DetectionConfig.class)
                .withSources(new PropertiesConfigSource(properties, "test", 0))
                .build()
                .getConfigMapping(DetectionConfig.class));
    }

    @Test
    void whatIsSetForACameraHoldsForItsNameInEveryForm() {
        CameraSettings settings = settings(
                "max-frame-age", "PT9S",
                "cameras.\"Caf\u00e9\".max-frame-age", "PT1S",
                "cameras.\"Loading\u00a0dock\".rotation", "180");

        assertThat(settings.maxFrameAge("Caf\u00e9")).contains(Duration.ofSeconds(1));
        assertThat(settings.maxFrameAge("lobby")).contains(Duration.ofSeconds(9));
        assertThat(settings.rotation("Loading dock")).isEqualTo(180);
        assertThat(settings.rotation("Caf\u00e9")).isZero();
        assertThat(settings.rotation("lobby")).isZero();
    }

    @Test
    void aRotationThatIsNoneIsRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings("cameras.\"dock\".rotation", "45"))
                .withMessageContaining("facestream.detection.cameras.\"dock\".rotation")
                .withMessageContaining("45");
    }

    @Test
    void namesThatLookEqualOrCannotBeSeenAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings("cameras.\"a b\".rotation", "90", "cameras.\"a\u00a0b\".rotation", "180"))
                .withMessageContaining("twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings("cameras.\"a\u200bb\".rotation", "90"))
                .withMessageContaining("ZERO WIDTH SPACE");
    }
}
