package io.facestream;

import static org.awaitility.Awaitility.await;

import io.facestream.embedded.EmbeddedKafka;
import io.facestream.embedded.TestServices;
import io.facestream.frames.FrameInfo;
import io.facestream.gallery.GallerySchema;
import io.facestream.gallery.TestGallery;
import io.facestream.messaging.KafkaConnection;
import io.facestream.web.live.LiveRecords;
import io.facestream.web.live.LiveSockets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two processes of the role web: each shows all that the cameras see. What a wall of cameras costs is printed, and not
 * judged: it depends on what else the machine does.
 */
class LiveChannelIT {
    private static final TestGallery GALLERY = TestGallery.of(LiveChannelIT.class);
    private static final List<String> REPLICAS = List.of("one", "other");
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int CAMERAS = 16;

    /** The place of user time among the fields after the name in /proc/PID/stat (proc(5)); system time follows. */
    private static final int USER_TICKS = 11;

    private static final Duration TICK = Duration.ofMillis(10);

    /** A frame of 1280x720, which nobody decodes here. */
    private static final byte[] FRAME = new byte[100_000];

    @TempDir
    private Path folder;

    private final Map<String, LiveSockets> sockets = new LinkedHashMap<>();
    private EmbeddedKafka kafka;
    private Containers containers;
    private KafkaProducer<byte[], byte[]> producer;
    private LiveRecords cameras;

    @BeforeEach
    void start() throws Exception {
        new Random(1).nextBytes(FRAME);
        GallerySchema.migrate(GALLERY.dataSource());
        GALLERY.execute("insert into facestream.web_user (name, role, salt, rounds, key_sha256) values"
                + " ('viewer', 'viewer', substr(sha256('s'), 1, 16), 210000, sha256('p')) on conflict do nothing");
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), TestServices.freePort());
        producer = KafkaConnection.to(kafka.bootstrapServers()).producer(Map.of());
        cameras = new LiveRecords(producer);
        containers = new Containers(folder.resolve("image"));
        for (String replica : REPLICAS) {
            startReplica(replica);
        }
        for (String replica : REPLICAS) {
            await().atMost(PATIENCE).until(() -> containers.said(replica).contains("Ready: web"));
        }
    }

    private void startReplica(String replica) throws IOException {
        int port = TestServices.freePort();
        Map<String, String> settings = new HashMap<>(GALLERY.asProperties());
        settings.put("kafka.bootstrap.servers", kafka.bootstrapServers());
        settings.put("quarkus.http.port", Integer.toString(port));
        containers.startRoles(replica, "web", "512m", settings);
        sockets.put(replica, new LiveSockets(port, GALLERY.dataSource()));
    }

    @AfterEach
    void stop() throws IOException {
        sockets.values().forEach(LiveSockets::close);
        producer.close();
        containers.close();
        kafka.close();
    }

    private LiveSockets.Socket watch(String replica) throws Exception {
        LiveSockets of = sockets.get(replica);
        return of.open(of.session("viewer"));
    }

    private void filmAll() throws Exception {
        for (int i = 0; i < CAMERAS; i++) {
            FrameInfo frame = cameras.film("camera " + i, FRAME);
            cameras.recognise(frame, "Grace Hopper");
        }
    }

    private static int views(LiveSockets.Socket socket) {
        int all = 0;
        for (int i = 0; i < CAMERAS; i++) {
            all += socket.views("camera " + i);
        }
        return all;
    }

    @Test
    void everyReplicaShowsEveryFrameOfAWallOf16Cameras() throws Exception {
        LiveSockets.Socket one = watch("one");
        LiveSockets.Socket other = watch("other");
        await().atMost(PATIENCE).until(() -> {
            filmAll();
            return views(one) >= CAMERAS && views(other) >= CAMERAS;
        });
        // Compilers and caches take their time.
        for (int i = 0; i < 200; i++) {
            filmAll();
            Thread.sleep(50);
        }

        int rounds = 40;
        Duration before = cpu();
        Duration compiledBefore = compilers();
        long begun = System.nanoTime();
        int seenByOne = views(one);
        int seenByOther = views(other);
        for (int i = 0; i < rounds; i++) {
            filmAll();
            int round = i + 1;
            await().atMost(PATIENCE)
                    .until(() ->
                            views(one) >= seenByOne + round * CAMERAS && views(other) >= seenByOther + round * CAMERAS);
            Thread.sleep(Math.max(0, 500L * (i + 1) - (System.nanoTime() - begun) / 1_000_000));
        }
        double nanos = System.nanoTime() - begun;
        double cores = cpu().minus(before).toNanos() / nanos;
        double compilers = compilers().minus(compiledBefore).toNanos() / nanos;

        System.out.printf(
                Locale.ROOT,
                "16 cameras at 2 frames/s: %.3f cores, of which the compilers took %.3f%n",
                cores,
                compilers);
    }

    /** Of one replica's process and all that it started. */
    private Duration cpu() {
        return containers.process("one").toHandle().info().totalCpuDuration().orElseThrow();
    }

    /** What that process's compilers have taken: they go on for minutes after the start. */
    private Duration compilers() throws IOException {
        Path tasks = Path.of("/proc", Long.toString(containers.process("one").pid()), "task");
        long ticks = 0;
        try (Stream<Path> all = Files.list(tasks)) {
            for (Path task : all.toList()) {
                String stat = Files.readString(task.resolve("stat"));
                if (stat.contains("CompilerThre")) {
                    String[] numbers = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                    ticks += Long.parseLong(numbers[USER_TICKS]) + Long.parseLong(numbers[USER_TICKS + 1]);
                }
            }
        }
        return TICK.multipliedBy(ticks);
    }
}
