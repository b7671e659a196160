package io.facestream.cli.cameras;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.cameras.RtspServer;
import io.facestream.cameras.states.CameraReport;
import io.facestream.cameras.states.ReportedStates;
import io.facestream.cli.CommandRun;
import io.facestream.embedded.TestServices;
import io.facestream.messaging.KafkaConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CamerasCommandTest {
    @TempDir
    private Path folder;

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

        CommandRun kept = CommandRun.of("cameras", "add", camera, "rtsp://10.0.0.5/a", "--disabled");
        assertThat(kept.out()).contains(camera + " is kept, not filmed, at rtsp://10.0.0.5/a");

        assertThat(CommandRun.of("cameras", "remove", camera).exitCode()).isZero();
        assertThat(lineOf()).isEmpty();
    }

    @Test
    void aListedCameraSaysSinceWhenAndWhyItFails() throws Exception {
        CommandRun.of("cameras", "add", camera, "rtsp://10.0.0.5/a");
        ReportedStates.send(
                KafkaConnection.to(TestServices.kafka().bootstrapServers()),
                camera,
                new CameraReport(
                        CameraReport.State.FAILING,
                        Instant.parse("2026-01-02T03:04:05Z"),
                        "Connection refused",
                        "replica-1",
                        null));

        assertThat(CommandRun.of("cameras", "list").out())
                .contains("failing since 2026-01-02T03:04:05Z on replica-1: Connection refused");
        CommandRun.of("cameras", "remove", camera);
    }

    @Test
    void aListedCameraThatNobodyFilmsSaysSo() {
        CommandRun.of("cameras", "add", camera, "rtsp://10.0.0.5/a");

        assertThat(CommandRun.of("cameras", "list").out()).contains("unattended");
        CommandRun.of("cameras", "remove", camera);
    }

    @Test
    void aCameraThatIsNotThereIsNotTakenAway() {
        CommandRun run = CommandRun.of("cameras", "remove", camera);

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1).first().asString().contains("there is no camera " + camera);
    }

    @Test
    void whoNamesAVideoFileIsToldWhatPlaysIt(@TempDir Path folder) throws Exception {
        Path clip = Files.createFile(folder.resolve("clip.mp4"));

        CommandRun run = CommandRun.of("cameras", "add", camera, clip.toString());

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("is none of rtsp://", "`publish --camera=" + camera + "` plays a video file");
        assertThat(CommandRun.of("cameras", "add", camera, "clip.mp5").err()).doesNotContain("publish");
    }

    @Test
    void aPasswordInTheAddressIsRefusedAndNotShown() {
        CommandRun run = CommandRun.of("cameras", "add", camera, "rtsp://admin:geheim@10.0.0.5/a");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("name it as the secret").doesNotContain("geheim");
        assertThat(lineOf()).isEmpty();
    }

    @Test
    void aRealCameraIsTestedAndItsPictureWritten() throws Exception {
        RtspServer.assumeThere();
        Path picture = folder.resolve("look.jpg");
        try (RtspServer server = new RtspServer(TestServices.freePort())) {
            CommandRun run = CommandRun.of(
                    "cameras",
                    "test",
                    server.url(),
                    "--seconds",
                    "2",
                    "--rotate",
                    "90",
                    "--picture",
                    picture.toString(),
                    "--json");
            assertThat(run.exitCode()).as(run.err()).isZero();
            JsonNode json = new ObjectMapper().readTree(run.out());
            assertThat(json.path("width").asInt()).isEqualTo(160);
            assertThat(json.path("height").asInt()).isEqualTo(120);
            assertThat(json.path("frames").asInt()).as("in 2 s at 5 a second").isBetween(5, 11);
            assertThat(json.path("passed").asInt()).isPositive();
            assertThat(ImageIO.read(picture.toFile()).getWidth()).as("turned").isEqualTo(120);
        }
    }

    @Test
    void aCameraWithALoginIsTestedWithItsSecret() throws Exception {
        RtspServer.assumeThere();
        Files.writeString(
                folder.resolve("hall"),
                "host=127.0.0.1\nuser=" + RtspServer.USER + "\npassword=" + RtspServer.PASSWORD + "\n");
        try (RtspServer server = new RtspServer(TestServices.freePort());
                CommandRun.Properties secrets =
                        new CommandRun.Properties(Map.of("facestream.cameras.secrets", folder.toString()))) {
            CommandRun without = CommandRun.of("cameras", "test", server.guarded(), "--seconds", "1");
            assertThat(without.exitCode()).isEqualTo(1);
            assertThat(without.err().lines()).hasSize(1).first().asString().contains("401");

            CommandRun with = CommandRun.of("cameras", "test", server.guarded(), "--seconds", "1", "--secret", "hall");
            assertThat(with.exitCode()).as(with.err()).isZero();
            assertThat(with.out()).contains("plays: 160x120").doesNotContain(RtspServer.PASSWORD);
        }
    }

    @Test
    void aCameraThatIsOffIsToldInOneLine() throws Exception {
        CommandRun run = CommandRun.of("cameras", "test", "rtsp://127.0.0.1:" + TestServices.freePort() + "/camera");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1).first().asString().contains("Connection refused");
    }
}
