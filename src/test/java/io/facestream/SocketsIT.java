package io.facestream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.facestream.embedded.EmbeddedKafka;
import io.facestream.embedded.TestServices;
import io.facestream.gallery.GallerySchema;
import io.facestream.gallery.TestGallery;
import io.facestream.messaging.KafkaConnection;
import io.facestream.web.live.LiveRecords;
import io.facestream.web.live.LiveSockets;
import io.facestream.web.news.ToldVisits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process of the role web with a thousand lists of visits open, which ask whenever they are told of news, and 16
 * walls, one of which draws nothing; beside it a process of the stages. How far these are behind before and meanwhile
 * is printed, and not judged: it depends on what else the machine does.
 */
@Tag("long")
class SocketsIT {
    private static final TestGallery GALLERY = TestGallery.of(SocketsIT.class);
    private static final Map<String, String> ROLES =
            Map.of("stages", "detection,embedding,matching,sightings", "page", "web");
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration WATCHED = Duration.ofSeconds(40);
    private static final List<String> CAMERAS = List.of("entrance", "yard");
    private static final Path FRAME = Path.of("src/main/resources/demo/people/Grace_Hopper/us-navy.jpg");
    private static final int NOTHING_NEW = 204;
    private static final int OF_ONE_USER = 10;
    private static final int LISTS = 1_000;
    private static final int WALLS = 16;
    private static final int WALLS_OF_ONE_USER = 8;

    @TempDir
    private Path folder;

    private final ScheduledExecutorService camera = Executors.newSingleThreadScheduledExecutor();
    private EmbeddedKafka kafka;
    private Containers containers;
    private KafkaProducer<byte[], byte[]> producer;
    private LiveSockets sockets;

    @BeforeEach
    void start() throws Exception {
        GallerySchema.migrate(GALLERY.dataSource());
        GALLERY.execute("insert into facestream.web_user (name, role, salt, rounds, key_sha256) select 'viewer ' || n,"
                + " 'viewer', substr(sha256('s'), 1, 16), 210000, sha256('p') from generate_series(0, 99) n"
                + " on conflict do nothing");
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), TestServices.freePort());
        producer = KafkaConnection.to(kafka.bootstrapServers()).producer(Map.of());
        containers = new Containers(folder.resolve("image"));
        int port = TestServices.freePort();
        sockets = new LiveSockets(port, GALLERY.dataSource());
        for (Map.Entry<String, String> each : ROLES.entrySet()) {
            Map<String, String> settings = new HashMap<>(GALLERY.asProperties());
            settings.put("kafka.bootstrap.servers", kafka.bootstrapServers());
            settings.put("quarkus.http.port", Integer.toString(port));
            containers.startRoles(each.getKey(), each.getValue(), "1g", settings);
        }
        for (String each : ROLES.keySet()) {
            await().atMost(PATIENCE).until(() -> containers.said(each).contains("Ready: "));
        }
        film();
    }

    /** Two frames a second of each camera, and a visit a second. */
    private void film() throws IOException {
        LiveRecords frames = new LiveRecords(producer);
        ToldVisits visits = new ToldVisits(producer);
        byte[] picture = Files.readAllBytes(FRAME);
        AtomicInteger rounds = new AtomicInteger();
        camera.scheduleAtFixedRate(
                () -> {
                    try {
                        for (String each : CAMERAS) {
                            frames.film(each, picture);
                        }
                        if (rounds.incrementAndGet() % 2 == 0) {
                            visits.appear("gate");
                        }
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                },
                0,
                500,
                TimeUnit.MILLISECONDS);
    }

    @AfterEach
    void stop() throws IOException {
        camera.shutdownNow();
        sockets.close();
        producer.close();
        containers.close();
        kafka.close();
    }

    @Test
    void aThousandListsOfVisitsAndSixteenWallsAreServedWhileTheStagesGoOn() throws Exception {
        try (StageLags lags = new StageLags(KafkaConnection.to(kafka.bootstrapServers()))) {
            await().atMost(PATIENCE)
                    .until(() -> !lags.watch(Duration.ofSeconds(10)).millis().isEmpty());
            lags.watch(WATCHED);
            StageLags.Seen before = lags.watch(WATCHED);

            List<LiveSockets.Socket> walls = walls();
            LiveSockets.Socket slow = sockets.openStuck(sockets.session("viewer 99"));
            AtomicInteger answers = new AtomicInteger();
            List<LiveSockets.Socket> lists = lists(answers);
            await().atMost(PATIENCE)
                    .until(() -> lists.stream().allMatch(each -> each.words() > 0)
                            && walls.stream().allMatch(each -> each.views("yard") > 0));
            int answered = answers.get();
            int views = views(walls);
            StageLags.Seen meanwhile = lags.watch(WATCHED);

            System.out.println("without sockets: " + before);
            System.out.println("with 1,000 lists and 16 walls: " + meanwhile);
            System.out.printf(
                    Locale.ROOT,
                    "a second: %.0f lists asked, %.1f pictures of a camera for a wall%n",
                    (answers.get() - answered) / (double) WATCHED.toSeconds(),
                    (views(walls) - views) / (double) WATCHED.toSeconds() / walls.size() / CAMERAS.size());
            assertThat(lists).extracting(LiveSockets.Socket::closedWith).containsOnlyNulls();
            assertThat(walls).extracting(LiveSockets.Socket::closedWith).containsOnlyNulls();
            assertThat(answers.get()).isGreaterThan(answered);
            assertThat(views(walls)).isGreaterThan(views);
            assertThat(slow.views("yard")).isEqualTo(1);
        }
    }

    private List<LiveSockets.Socket> walls() throws Exception {
        List<LiveSockets.Socket> walls = new ArrayList<>();
        String session = null;
        for (int i = 0; i < WALLS - 1; i++) {
            session = i % WALLS_OF_ONE_USER == 0 ? sockets.session("viewer " + i) : session;
            walls.add(sockets.open(session));
        }
        return walls;
    }

    /** @param answers counts the lists that came */
    private List<LiveSockets.Socket> lists(AtomicInteger answers) throws Exception {
        List<LiveSockets.Socket> lists = new ArrayList<>();
        String session = null;
        for (int i = 0; i < LISTS; i++) {
            session = i % OF_ONE_USER == 0 ? sockets.session("viewer " + i / OF_ONE_USER) : session;
            lists.add(sockets.listen(session, told -> {
                CompletableFuture<Integer> answer = sockets.visits(told.session());
                answer.thenAccept(status -> answers.addAndGet(status == 200 || status == NOTHING_NEW ? 1 : 0));
            }));
        }
        return lists;
    }

    private static int views(List<LiveSockets.Socket> walls) {
        return walls.stream()
                .mapToInt(wall -> CAMERAS.stream().mapToInt(wall::views).sum())
                .sum();
    }
}
