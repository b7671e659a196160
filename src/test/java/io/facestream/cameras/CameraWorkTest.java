package io.facestream.cameras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.facestream.cameras.sending.Lease;
import io.facestream.cameras.states.CameraReport;
import io.facestream.cameras.states.CameraStatesTopic;
import io.facestream.embedded.TestServices;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.TestTopicsConfig;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicAdmin;
import io.facestream.video.Ffmpeg;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cameras of each kind, filmed to a real broker, and checked as often as the role checks them. */
class CameraWorkTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final String camera = "camera-" + UUID.randomUUID();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @TempDir
    private Path folder;

    private KafkaConnection connection;
    private CameraSettings settings;
    private Crew crew;
    private FilmedFrames frames;

    @BeforeEach
    void connect() {
        connection = KafkaConnection.to(TestServices.kafka().bootstrapServers());
        TopicAdmin.ensure(
                connection,
                new TestTopicsConfig(6, true),
                List.of(Topic.CAMERAS, Topic.CAMERA_FRAMES, Topic.CAMERA_STATES));
        frames = new FilmedFrames(connection);
        CameraSettings usual = FilmingReplica.settings();
        settings = new CameraSettings(
                Optional.of(folder),
                Optional.of(folder),
                usual.hold(),
                usual.absence(),
                usual.frozenAfter(),
                usual.silentAfter());
        crew = crew("here");
    }

    private Crew crew(String replica) {
        return new Crew(
                connection,
                "facestream-cameras-test-" + camera,
                Lease.ENDLESS,
                Duration.ofSeconds(60),
                settings,
                registry,
                new Fleet(replica, 10, registry));
    }

    @AfterEach
    void stop() {
        crew.close(Duration.ofSeconds(5));
        frames.close();
    }

    private void film(String url, Gating gate) {
        String host = url.startsWith("file:") ? "here" : null;
        crew.set(
                new CamerasTopic.Entry(camera, new CameraDefinition(url, 10.0, 0, gate, null, host, true, null), null));
    }

    private static CameraDefinition definition(String url, String secret) {
        return new CameraDefinition(url, 10.0, 0, Gating.NONE, null, null, true, secret);
    }

    private void awaitState(String state) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> {
            crew.look();
            Gauge gauge = registry.find("facestream.cameras.state")
                    .tag("state", state)
                    .gauge();
            return gauge != null && gauge.value() == 1;
        });
    }

    private void awaitFrames(int count) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> {
            crew.look();
            return frames.of(camera).size() >= count;
        });
    }

    private int widthOfLast() throws IOException {
        List<FilmedFrames.Frame> all = frames.of(camera);
        return ImageIO.read(new ByteArrayInputStream(all.get(all.size() - 1).jpeg()))
                .getWidth();
    }

    @Test
    void anRtspCameraIsFilmedThroughStopsChangesOfSizeFrozenPicturesAndSilence() throws Exception {
        RtspServer.assumeThere();
        int port = TestServices.freePort();
        film("rtsp://127.0.0.1:" + port + "/camera", Gating.NONE);
        awaitState("failing");

        try (RtspServer server = new RtspServer(port)) {
            awaitState("playing");
            awaitFrames(10);
            assertThat(widthOfLast()).isEqualTo(160);

            server.tell("large");
            await().atMost(PATIENCE).until(() -> {
                crew.look();
                return widthOfLast() == 320;
            });

            server.tell("still");
            awaitState("frozen");
            server.tell("moving");
            awaitState("playing");

            server.tell("mute");
            awaitState("failing");
        }
        try (RtspServer again = new RtspServer(port)) {
            awaitState("playing");
        }
        awaitState("failing");
    }

    @Test
    void aSnapshotAddressIsAskedNoMoreOftenThanFramesAreWanted() throws Exception {
        try (SnapshotCamera snapshots = new SnapshotCamera()) {
            long begun = System.nanoTime();
            film(snapshots.url("/snap/1"), Gating.NONE);
            awaitFrames(15);

            assertThat(registry.find("facestream.cameras.opened").counter().count())
                    .as("one stream of pictures, without a break")
                    .isEqualTo(1);
            long asked = snapshots.asked();
            double seconds = (System.nanoTime() - begun) / 1e9;
            assertThat((double) asked).as("at 10 a second, and one at once").isLessThanOrEqualTo(seconds * 10 + 1);
            assertThat(frames.of(camera))
                    .allSatisfy(frame -> assertThat(frame.gate()).isEqualTo("none"));
        }
    }

    @Test
    void aRedirectOnTheSameHostIsFollowed() throws Exception {
        try (SnapshotCamera snapshots = new SnapshotCamera()) {
            film(snapshots.url("/moved"), Gating.NONE);

            awaitFrames(2);
        }
    }

    @Test
    void aRedirectToAnotherHostIsNotFollowed() throws Exception {
        try (SnapshotCamera snapshots = new SnapshotCamera();
                SnapshotCamera other = new SnapshotCamera()) {
            for (String host : List.of("localhost", "127.0.0.2", "[::1]")) {
                snapshots.leadTo("http://" + host + ":" + other.port() + "/snap/1");

                assertThatThrownBy(() -> CameraTrial.film(
                                definition(snapshots.url("/elsewhere"), null),
                                settings,
                                Duration.ofSeconds(1),
                                picture -> {}))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("redirects to another host or protocol, which is not followed")
                        .message()
                        .hasLineCount(1);
            }
            assertThat(other.asked()).isZero();
        }
    }

    @Test
    void anRtspCameraThatWantsADigestIsFilmedWithItsSecretAndWithNoOther() throws Exception {
        RtspServer.assumeThere();
        Files.writeString(
                folder.resolve("right"),
                "host=127.0.0.1\nuser=" + RtspServer.USER + "\npassword=" + RtspServer.PASSWORD + "\n");
        Files.writeString(folder.resolve("wrong"), "host=127.0.0.1\nuser=admin\npassword=geheim\n");
        Files.writeString(folder.resolve("others"), "host=10.0.0.5\nuser=admin\npassword=geheim\n");
        try (RtspServer server = new RtspServer(TestServices.freePort())) {
            CameraTrial.Result filmed = CameraTrial.film(
                    definition(server.guarded(), "right"), settings, Duration.ofSeconds(1), picture -> {});
            assertThat(filmed.frames()).isPositive();

            for (String secret : List.of("wrong", "others")) {
                assertThatThrownBy(() -> CameraTrial.film(
                                definition(server.guarded(), secret), settings, Duration.ofSeconds(1), picture -> {}))
                        .isInstanceOf(IOException.class)
                        .hasMessageNotContaining("geheim");
            }
            assertThatThrownBy(() -> CameraTrial.film(
                            definition(server.guarded(), null), settings, Duration.ofSeconds(1), picture -> {}))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("401");
        }
    }

    @Test
    void aPlaylistIsNotPlayed() throws Exception {
        try (SnapshotCamera snapshots = new SnapshotCamera()) {
            film(snapshots.url("/playlist"), Gating.NONE);
            awaitState("failing");

            assertThat(snapshots.asked()).isZero();
        }
    }

    @Test
    void aRecordingIsPlayedAgainAndAgainAndItsEmptyRoomIsKeptBack() throws Exception {
        Ffmpeg.make(
                "-f",
                "lavfi",
                "-i",
                "testsrc2=s=320x240:r=10:d=2",
                folder.resolve("hall.mp4").toString());
        film("file:hall.mp4", Gating.NONE);
        awaitFrames(45);

        Ffmpeg.make(
                "-f",
                "lavfi",
                "-i",
                "color=gray:s=320x240:r=10:d=60,noise=alls=4:allf=t",
                folder.resolve("empty.mp4").toString());
        film("file:empty.mp4", Gating.MOTION);
        awaitState("playing");
        awaitQuiet();
        int before = frames.of(camera).size();
        await().pollDelay(Duration.ofSeconds(8)).atMost(Duration.ofSeconds(20)).until(() -> true);
        assertThat(frames.of(camera).size() - before).as("of 80 frames").isBetween(1, 20);
    }

    /** Waits until the former definition, whose camera sends ten frames a second, is no longer filmed. */
    private void awaitQuiet() {
        AtomicInteger last = new AtomicInteger();
        await().pollInterval(Duration.ofSeconds(1))
                .atMost(Duration.ofSeconds(60))
                .until(() -> {
                    int now = frames.of(camera).size();
                    return now - last.getAndSet(now) < 5;
                });
    }

    @Test
    void aCameraWhoseDefinitionIsWrongFailsAndTheOthersFilm() throws Exception {
        try (SnapshotCamera snapshots = new SnapshotCamera()) {
            crew.set(new CamerasTopic.Entry("wrong", null, "fps is above 0 and at most 60, not 0.0"));
            film(snapshots.url("/snap/2"), Gating.NONE);
            awaitFrames(3);

            assertThat(registry.find("facestream.cameras.state")
                            .tag("camera", "wrong")
                            .tag("state", "failing")
                            .gauge()
                            .value())
                    .isEqualTo(1);
        }
    }

    private CameraReport reported(Predicate<CameraReport> wanted) {
        AtomicReference<CameraReport> last = new AtomicReference<>();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> {
            crew.look();
            CameraStatesTopic.Entry entry =
                    CameraStatesTopic.all(connection, PATIENCE).get(camera);
            last.set(entry == null ? null : entry.state());
            return last.get() != null && wanted.test(last.get());
        });
        return last.get();
    }

    @Test
    void aCameraThatFailsSaysWhyOnTheTopicWithoutItsAddress() throws Exception {
        film("http://127.0.0.1:" + TestServices.freePort() + "/geheim", Gating.NONE);

        CameraReport report = reported(each -> each.state() == CameraReport.State.FAILING);

        assertThat(report.why()).isNotBlank().doesNotContain("geheim", "127.0.0.1");
        assertThat(report.replica()).isEqualTo("here");
        assertThat(report.lastFrame()).isNull();
    }

    @Test
    void aCameraThatPlaysSaysSinceWhenAndThatItIsLeftWhenItsProcessEnds() throws Exception {
        try (SnapshotCamera snapshots = new SnapshotCamera()) {
            film(snapshots.url("/snap/1"), Gating.NONE);
            CameraReport playing = reported(each -> each.state() == CameraReport.State.PLAYING);
            awaitFrames(3);

            crew.close(Duration.ofSeconds(5));

            CameraReport stopped = reported(each -> each.state() == CameraReport.State.STOPPED);
            assertThat(stopped.since()).isAfter(playing.since());
            assertThat(stopped.lastFrame()).isBetween(playing.since().minusSeconds(5), stopped.since());
        }
    }

    @Test
    void aCameraThatIsSwitchedOffSaysSo() {
        crew.set(new CamerasTopic.Entry(
                camera,
                new CameraDefinition("http://127.0.0.1:1/", 10.0, 0, Gating.NONE, null, null, false, null),
                null));

        assertThat(reported(each -> true).state()).isEqualTo(CameraReport.State.DISABLED);
    }

    @Test
    void aCameraThatIsTakenAwayLeavesNoState() throws Exception {
        film("http://127.0.0.1:" + TestServices.freePort() + "/snap", Gating.NONE);
        reported(each -> each.state() == CameraReport.State.FAILING);

        crew.set(CamerasTopic.Entry.gone(camera));

        await().atMost(PATIENCE).until(() -> {
            crew.look();
            return !CameraStatesTopic.all(connection, PATIENCE).containsKey(camera);
        });
    }

    @Test
    void aSuccessorsStateIsNotOverwrittenByAFormerOwner() throws Exception {
        try (SnapshotCamera snapshots = new SnapshotCamera()) {
            film(snapshots.url("/snap/1"), Gating.NONE);
            reported(each -> each.state() == CameraReport.State.PLAYING);
            Crew former = crew;
            crew = crew("there");
            film(snapshots.url("/snap/1"), Gating.NONE);
            reported(each -> each.replica().equals("there") && each.state() == CameraReport.State.PLAYING);

            former.close(Duration.ofSeconds(5));

            assertThat(CameraStatesTopic.all(connection, PATIENCE)
                            .get(camera)
                            .state()
                            .replica())
                    .isEqualTo("there");
        }
    }
}
