package io.facestream.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class FreePortTest {
    /** Chosen one after the other, a thousand of the system's 28,000 free ports are practically never all different. */
    @Test
    void portsThatAreChosenTogetherDiffer() {
        assertThat(FreePort.orGiven(Collections.nCopies(1_000, 0))).doesNotHaveDuplicates();
    }

    @Test
    void theGivenOneIsKeptAndTheOtherIsAnother() {
        int given = FreePort.orGiven(0);

        List<Integer> ports = FreePort.orGiven(List.of(given, 0));

        assertThat(ports.get(0)).isEqualTo(given);
        assertThat(ports.get(1)).isNotIn(0, given);
    }

    @Test
    void whatWasHeldIsGivenFreeAlsoWhereOneIsTaken() throws Exception {
        int free = FreePort.orGiven(0);
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> FreePort.orGiven(List.of(free, taken.getLocalPort())))
                    .isInstanceOf(EmbeddedException.class)
                    .hasMessageContaining("port " + taken.getLocalPort());
        }
        assertThat(FreePort.orGiven(free)).isEqualTo(free);
    }
}
