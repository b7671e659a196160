package io.facestream.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EmbeddedHomeTest {
    private static final Path CLONE = Path.of("/src/facestream");
    private static final Path USER_HOME = Path.of("/home/ada");
    /** {@code printf %s /src/facestream | sha256sum | cut -c 1-12} */
    private static final String HASH = "3eb609bc535d";

    @Test
    void asRootItIsWhereUserPostgresCanReachIt() {
        assertThat(EmbeddedHome.locate(Map.of(), CLONE, ServerUser.POSTGRES, USER_HOME)
                        .folder())
                .isEqualTo(Path.of("/var/lib/facestream", HASH));
    }

    @Test
    void asAnybodyElseItIsAmongTheirData() {
        assertThat(EmbeddedHome.locate(Map.of(), CLONE, ServerUser.SAME, USER_HOME)
                        .folder())
                .isEqualTo(Path.of("/home/ada/.local/share/facestream", HASH));
        assertThat(EmbeddedHome.locate(Map.of("XDG_DATA_HOME", "/data/ada"), CLONE, ServerUser.SAME, USER_HOME)
                        .folder())
                .isEqualTo(Path.of("/data/ada/facestream", HASH));
    }

    @Test
    void theEnvironmentVariableComesFirst() {
        assertThat(EmbeddedHome.locate(Map.of("FACESTREAM_HOME", "/srv/fs"), CLONE, ServerUser.POSTGRES, USER_HOME)
                        .folder())
                .isEqualTo(Path.of("/srv/fs"));
    }

    @Test
    void twoClonesHaveTwoHomes() {
        assertThat(EmbeddedHome.locate(Map.of(), Path.of("/src/a"), ServerUser.SAME, USER_HOME))
                .isNotEqualTo(EmbeddedHome.locate(Map.of(), Path.of("/src/b"), ServerUser.SAME, USER_HOME));
    }
}
