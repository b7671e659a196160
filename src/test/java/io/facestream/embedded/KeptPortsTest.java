package io.facestream.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeptPortsTest {
    @TempDir
    private Path folder;

    private final List<String> told = new ArrayList<>();

    @Test
    void aPortIsChosenOnceAndKept() throws Exception {
        int kafka = ports().kafka();
        int postgres = ports().postgres();

        assertThat(ports().kafka()).isEqualTo(kafka).isNotEqualTo(postgres);
        assertThat(ports().postgres()).isEqualTo(postgres);
        assertThat(Files.readAllLines(folder.resolve("ports")))
                .containsExactly("kafka=" + kafka, "postgres=" + postgres);
        assertThat(told).isEmpty();
    }

    @Test
    void aChosenPortIsOneThatNoOutgoingConnectionGets() {
        for (int i = 0; i < 20; i++) {
            assertThat(FreePort.lasting()).isBetween(20_000, 29_999);
        }
    }

    @Test
    void aPortThatSomebodyElseTookIsReplacedAndThatIsTold() throws Exception {
        int kept = ports().kafka();
        try (ServerSocket somebodyElse = new ServerSocket(kept, 1, InetAddress.getLoopbackAddress())) {
            int chosen = ports().kafka();

            assertThat(chosen).isNotEqualTo(somebodyElse.getLocalPort());
            assertThat(told)
                    .containsExactly("Port " + kept + " of 127.0.0.1, which Kafka used, is taken by another program:"
                            + " Kafka uses port " + chosen + " from now on");
            assertThat(ports().kafka()).isEqualTo(chosen);
        }
    }

    @Test
    void somebodyWhoListensOnAllAddressesHasThePortToo() throws Exception {
        int kept = ports().postgres();
        try (ServerSocket somebodyElse = new ServerSocket(kept)) {
            assertThat(ports().postgres()).isNotEqualTo(somebodyElse.getLocalPort());
        }
    }

    @Test
    void aPortThatTheUserWroteThereIsTaken() throws Exception {
        int own = FreePort.lasting();
        Files.writeString(folder.resolve("ports"), "postgres=" + own + "\n");

        assertThat(ports().postgres()).isEqualTo(own);
    }

    @ParameterizedTest
    @ValueSource(strings = {"many", "-1", "0", "65536", "9092 9093"})
    void aTextThatIsNoPortIsNamed(String text) throws Exception {
        Files.writeString(folder.resolve("ports"), "kafka=" + text + "\n");

        assertThatThrownBy(() -> ports().kafka())
                .isInstanceOf(EmbeddedException.class)
                .hasMessageContaining(folder.resolve("ports") + ": kafka=" + text)
                .hasMessageNotContaining("\n");
    }

    private KeptPorts ports() {
        return new KeptPorts(folder.resolve("ports"), told::add);
    }
}
