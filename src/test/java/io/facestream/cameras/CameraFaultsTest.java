package io.facestream.cameras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.facestream.cameras.sending.FrameSender;
import io.facestream.cameras.sending.Lease;
import io.facestream.embedded.TestServices;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.TestTopicsConfig;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicAdmin;
import io.facestream.video.Ffmpeg;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.cumulative.CumulativeCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cameras in whose threads something goes wrong, or for which there is no room. */
class CameraFaultsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SILENCE = Duration.ofSeconds(2);

    private static boolean isLoaded;

    private final String camera = "camera-" + UUID.randomUUID();

    /** What happens in a camera's thread when it looks at a frame. */
    private final AtomicReference<Runnable> looking = new AtomicReference<>(() -> {});

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry() {
        @Override
        protected Counter newCounter(Meter.Id id) {
            return id.getName().equals("facestream.cameras.looked.frames")
                    ? new CumulativeCounter(id) {
                        @Override
                        public void increment(double amount) {
                            super.increment(amount);
                            looking.get().run();
                        }
                    }
                    : super.newCounter(id);
        }
    };

    @TempDir
    private Path folder;

    private KafkaConnection connection;
    private CameraSettings settings;
    private SnapshotCamera snapshots;
    private FilmedFrames frames;
    private Crew crew;

    @BeforeEach
    void connect() throws Exception {
        connection = KafkaConnection.to(TestServices.kafka().bootstrapServers());
        TopicAdmin.ensure(
                connection,
                new TestTopicsConfig(6, true),
                List.of(Topic.CAMERAS, Topic.CAMERA_FRAMES, Topic.CAMERA_STATES));
        frames = new FilmedFrames(connection);
        snapshots = new SnapshotCamera();
        CameraSettings usual = FilmingReplica.settings();
        settings = new CameraSettings(
                Optional.of(folder), Optional.empty(), usual.hold(), usual.absence(), usual.frozenAfter(), SILENCE);
        crew = new Crew(
                connection,
                "facestream-cameras-test-" + camera,
                Lease.ENDLESS,
                Duration.ofSeconds(60),
                settings,
                registry,
                new Fleet("here", 1, registry));
        loadOpenCv();
    }

    /** The first picture of a process takes longer than SILENCE. */
    private void loadOpenCv() {
        if (!isLoaded) {
            String first = camera + "-first";
            film(first, snapshot());
            await().atMost(PATIENCE).until(() -> {
                crew.look();
                return !frames.of(first).isEmpty();
            });
            crew.set(CamerasTopic.Entry.gone(first));
            isLoaded = true;
        }
    }

    @AfterEach
    void stop() {
        crew.close(Duration.ofSeconds(5));
        frames.close();
        snapshots.close();
    }

    private CameraDefinition snapshot() {
        return new CameraDefinition(snapshots.url("/snap/1"), 10.0, 0, Gating.NONE, null, null, true, null);
    }

    private void film(String name, CameraDefinition definition) {
        crew.set(new CamerasTopic.Entry(name, definition, null));
    }

    private void awaitState(String name, String state) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> {
            crew.look();
            Gauge gauge = registry.find("facestream.cameras.state")
                    .tag("camera", name)
                    .tag("state", state)
                    .gauge();
            return gauge != null && gauge.value() == 1;
        });
    }

    @Test
    void aCameraForWhichThereIsNoRoomIsFilmedAsSoonAsAnotherOneGoes() {
        String second = camera + "-second";
        film(camera, snapshot());
        awaitState(camera, "playing");
        film(second, snapshot());
        awaitState(second, "failing");
        assertThat(frames.of(second)).isEmpty();

        crew.set(CamerasTopic.Entry.gone(camera));

        awaitState(second, "playing");
        await().atMost(PATIENCE).until(() -> !frames.of(second).isEmpty());
    }

    @Test
    void aFrameInHandIsNotSentOnceTheCameraIsStopped() {
        try (FrameSender sender = new FrameSender(connection, "sender-" + camera, Lease.ENDLESS)) {
            await().atMost(PATIENCE).until(sender::isReady);
            CountDownLatch mayStop = new CountDownLatch(1);
            AtomicReference<CameraWork> work = new AtomicReference<>();
            looking.set(() -> {
                awaitWithoutEnd(mayStop);
                work.get().stop();
            });
            CameraMetrics metrics = new CameraMetrics(registry, camera);
            work.set(CameraWork.start(camera, snapshot(), settings, sender, Lease.ENDLESS, metrics));

            mayStop.countDown();
            work.get().awaitEnd(PATIENCE);
            looking.set(() -> {});
            String later = camera + "-later";
            CameraWork next = CameraWork.start(
                    later, snapshot(), settings, sender, Lease.ENDLESS, new CameraMetrics(registry, later));
            await().atMost(PATIENCE).until(() -> !frames.of(later).isEmpty());
            next.stop();
            next.awaitEnd(PATIENCE);

            assertThat(frames.of(camera)).isEmpty();
        }
    }

    private static void awaitWithoutEnd(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void anErrorIsTheCamerasOwnAndItIsTriedAgain() {
        looking.set(() -> {
            throw new OutOfMemoryError("as JavaCPP throws it for memory that is not Java's");
        });
        film(camera, snapshot());
        awaitState(camera, "failing");

        looking.set(() -> {});

        awaitState(camera, "playing");
    }

    /** Its pauses are longer than a camera may be silent. */
    @Test
    void aCameraThatIsDownSaysWhyHoweverLongItRests() {
        CameraMetrics metrics = new CameraMetrics(registry, camera);
        try (FrameSender sender = new FrameSender(connection, "sender-" + camera, Lease.ENDLESS)) {
            await().atMost(PATIENCE).until(sender::isReady);
            looking.set(() -> {
                throw new IllegalStateException("no such colours");
            });
            CameraWork work = CameraWork.start(camera, snapshot(), settings, sender, Lease.ENDLESS, metrics);
            long begun = System.nanoTime();

            // Tries after 1, 2, 4 and 8 s: the last pause is four times SILENCE.
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
                work.look();
                assertThat(metrics.state().fault())
                        .satisfiesAnyOf(why -> assertThat(why).isNull(), why -> assertThat(why)
                                .contains("no such colours"));
                return System.nanoTime() - begun > Duration.ofSeconds(14).toNanos();
            });
            work.stop();
            work.awaitEnd(PATIENCE);
        }
    }

    @Test
    void aCameraWhoseThreadHangsFailsUntilItGoesOn() {
        CountDownLatch hung = new CountDownLatch(1);
        film(camera, snapshot());
        awaitState(camera, "playing");
        looking.set(() -> awaitWithoutEnd(hung));

        awaitState(camera, "failing");
        looking.set(() -> {});
        hung.countDown();

        awaitState(camera, "playing");
    }

    @Test
    void aRecordingWithOneFrameInThreeSecondsIsPlayedWithoutABreak() throws Exception {
        Ffmpeg.make(
                "-f",
                "lavfi",
                "-i",
                "testsrc2=s=320x240:r=1/3:d=30",
                folder.resolve("slow.mp4").toString());
        film(camera, new CameraDefinition("file:slow.mp4", 10.0, 0, Gating.NONE, null, "here", true, null));
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> {
            crew.look();
            return frames.of(camera).size() >= 4;
        });

        assertThat(registry.find("facestream.cameras.opened")
                        .tag("camera", camera)
                        .counter()
                        .count())
                .isEqualTo(1);
        assertThat(frames.of(camera))
                .extracting(FilmedFrames.Frame::run)
                .containsOnly(frames.of(camera).get(0).run());
    }
}
