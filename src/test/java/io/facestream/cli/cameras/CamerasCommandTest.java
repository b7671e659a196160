package io.facestream.cli.cameras;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.cli.CommandRun;
import java.util.UUID;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class CamerasCommandTest {
    private final String camera = "hall-" + UUID.randomUUID();

    /** Points the commands at the tests' services until the test ends. */
    @AutoClose
    private final CommandRun.Properties properties = new CommandRun.Properties(CommandRun.kafka());

    private String lineOf() {
        return CommandRun.of("cameras", "list").outLines().stream()
                .filter(line -> line.contains(camera))
                .findFirst()
                .orElse("");
    }

    @Test
    void aCameraIsAddedChangedListedAndTakenAway() throws Exception {
        CommandRun added = CommandRun.of("cameras", "add", camera, "rtsp://10.0.0.5/a", "--rotate", "180");
        assertThat(added.exitCode()).as(added.err()).isZero();
        assertThat(added.out()).contains(camera + " is filmed from rtsp://10.0.0.5/a");
        assertThat(lineOf()).contains("rtsp://10.0.0.5/a", "5 fps", "gate motion", "turned 180");

        CommandRun changed =
                CommandRun.of("cameras", "add", camera, "webcam:0", "--host", "desk", "--gate", "none", "--json");
        JsonNode json = new ObjectMapper().readTree(changed.out());
        assertThat(json.path("camera").asText()).isEqualTo(camera);
        assertThat(json.path("url").asText()).isEqualTo("webcam:0");
        assertThat(json.path("gate").asText()).isEqualTo("none");
        assertThat(json.path("keepAlive").asText()).isEqualTo("PT10S");
        assertThat(lineOf()).contains("webcam:0", "on desk").doesNotContain("turned");

        assertThat(CommandRun.of("cameras", "remove", camera).exitCode()).isZero();
        assertThat(lineOf()).isEmpty();
    }

    @Test
    void aCameraThatIsNotThereIsNotTakenAway() {
        CommandRun run = CommandRun.of("cameras", "remove", camera);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1).first().asString().contains("there is no camera " + camera);
    }

    @Test
    void aPasswordInTheAddressIsRefusedAndNotShown() {
        CommandRun run = CommandRun.of("cameras", "add", camera, "rtsp://admin:geheim@10.0.0.5/a");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("name it as the secret").doesNotContain("geheim");
        assertThat(lineOf()).isEmpty();
    }
}
