package io.facestream.curation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.facestream.curation.CommandMix.Sent;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.curation.message.GalleryEvent.State;
import io.facestream.embedded.EmbeddedKafka;
import io.facestream.embedded.LocalPostgres;
import io.facestream.embedded.Setup;
import io.facestream.embedded.TestServices;
import io.facestream.faces.TestChips;
import io.facestream.gallery.GallerySchema;
import io.facestream.gallery.TestGallery;
import io.facestream.messaging.Json;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.TestTopicsConfig;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicAdmin;
import io.facestream.stages.ChildJvm;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Whatever fails while commands of all kinds come, each has one answer and its effect once. The role and the broker are
 * processes of their own, which are killed; PostgreSQL is a server of the test's own, which is stopped. What happens
 * when follows from a seed, which is printed: {@code -Dfaults.seed=SEED} has the same commands and faults again.
 */
@Timeout(value = 1_800, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CurationFaultTest {
    /** Held, since a logger that nobody holds forgets its level: clients warn of every fault that is made here. */
    private static final Logger CLIENTS = Logger.getLogger("org.apache.kafka.clients");

    /** So many commands come for each fault, and it happens when so many of them have an answer. */
    private static final int COMMANDS = 40;

    private static final int ANSWERED = 10;
    private static final int FEWEST_OF_ONE = 3;

    /** One in so many commands is sent twice, at once or later. */
    private static final int TWICE = 8;

    private static final Duration REST = Duration.ofMinutes(5);

    private final long seed = Long.getLong("faults.seed", System.nanoTime());
    private final Random random = new Random(seed);

    /** For what the other thread does at the same time. */
    private final Random asked = new Random(seed + 1);

    private final List<Sent> sent = Collections.synchronizedList(new ArrayList<>());
    private KafkaProducer<byte[], byte[]> producer;
    private CommandMix mix;
    private final int brokerPort = TestServices.freePort();
    private final int databasePort = TestServices.freePort();
    private final KafkaConnection connection = KafkaConnection.to("127.0.0.1:" + brokerPort);
    private Path folder;
    private Path databaseFolder;
    private ChildJvm broker;
    private ChildJvm curation;
    private LocalPostgres database;
    private final Semaphore wanted = new Semaphore(0);
    private volatile boolean asking = true;

    private interface Fault {
        void happen() throws Exception;
    }

    @BeforeEach
    void start() throws Exception {
        CLIENTS.setLevel(Level.OFF);
        if (!Setup.isComplete()) {
            Setup.run(System.out::println);
        }
        folder = TestServices.newFolder();
        databaseFolder = TestServices.newFolder();
        database = LocalPostgres.start(databaseFolder, databasePort);
        GallerySchema.migrate(owner());
        execute("create role the_curation login password '" + database.password() + "' in role facestream_curation");
        startBroker();
        TopicAdmin.ensure(connection, new TestTopicsConfig(1, true), List.of(Topic.DETECTED_FACES));
        // longer than any broker is away
        producer = connection.producer(
                Map.of("enable.idempotence", true, "delivery.timeout.ms", 120_000, "request.timeout.ms", 5_000));
        startCuration();
    }

    @AfterEach
    void stop() throws Exception {
        asking = false;
        curation.close();
        producer.close(Duration.ofSeconds(3));
        broker.close();
        database.close();
        TestServices.delete(folder);
        TestServices.delete(databaseFolder);
        CLIENTS.setLevel(null);
    }

    private void startBroker() throws Exception {
        broker = ChildJvm.start(EmbeddedKafka.class, folder.resolve("kafka").toString(), Integer.toString(brokerPort));
        broker.awaitLine("ready ");
    }

    private void startCuration() throws Exception {
        curation = ChildJvm.start(
                KillableCuration.class,
                "127.0.0.1:" + brokerPort,
                database.jdbcUrl(),
                "the_curation",
                database.password());
        curation.awaitLine("started");
    }

    private PGSimpleDataSource owner() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(database.jdbcUrl());
        source.setUser(database.userName());
        source.setPassword(database.password());
        return source;
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = owner().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> query(String sql) throws SQLException {
        try (Connection connection = owner().getConnection()) {
            return TestGallery.query(connection, sql);
        }
    }

    private void curationIsKilled() throws Exception {
        curation.kill();
        curation.close();
        startCuration();
    }

    /** As a supervisor does: a role may end itself where it cannot go on. */
    private void keepCurationAlive() throws Exception {
        if (!curation.isAlive()) {
            System.out.println("curation had ended by itself");
            curation.close();
            startCuration();
        }
    }

    private void brokerIsKilled() throws Exception {
        broker.kill();
        broker.close();
        startBroker();
    }

    private void databaseIsStopped() throws Exception {
        database.close();
        Thread.sleep(random.nextInt(2_000));
        database = LocalPostgres.start(databaseFolder, databasePort);
    }

    @Test
    void eachCommandHasOneAnswerAndItsEffectOnceThroughAFaultOfEachKind() throws Exception {
        endure(3);
    }

    @Test
    @Tag("long")
    void eachCommandHasOneAnswerAndItsEffectOnceThroughTwentyFaults() throws Exception {
        endure(20);
    }

    private void endure(int count) throws Exception {
        System.out.println("faults.seed=" + seed);
        int stories = count * COMMANDS / FEWEST_OF_ONE + 10;
        mix = new CommandMix(asked, stories, new OneFace()::send);
        execute(CommandMix.PEOPLE.formatted(stories, HexFormat.of().formatHex(FullHistory.JOHN)));
        List<Fault> kinds = List.of(this::curationIsKilled, this::brokerIsKilled, this::databaseIsStopped);
        List<Fault> faults = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            faults.add(kinds.get(i % kinds.size()));
        }
        Collections.shuffle(faults, random);
        CompletableFuture<Void> asker = CompletableFuture.runAsync(this::ask);
        for (Fault fault : faults) {
            int answered = answered();
            wanted.release(COMMANDS);
            await().atMost(REST).until(() -> {
                keepCurationAlive();
                return answered() >= answered + ANSWERED;
            });
            Thread.sleep(random.nextInt(300));
            fault.happen();
        }
        asking = false;
        asker.get();
        try (KafkaConsumer<byte[], byte[]> consumer = connection.consumer(new HashMap<>())) {
            Answers answers = new Answers(consumer);
            await().atMost(REST.multipliedBy(2)).untilAsserted(() -> {
                keepCurationAlive();
                assertThat(answers.read()).as("answers").isEqualTo(sent.size());
            });
            System.out.printf(
                    "%d commands, %d faults: %d answers were published again%n%s%n",
                    sent.size(), count, answers.again, mix.counts());
            assertThat(answers.all)
                    .allSatisfy((id, all) -> assertThat(all).as(id).hasSize(1));
            assertEachIsDoneOnce(answers.all);
        }
    }

    private int answered() throws SQLException {
        return Integer.parseInt(query("select count(*) from facestream.gallery_command where answer is not null")
                .get(0));
    }

    /** As many commands as are wanted, and then those without which a story has no end; some of them twice. */
    private void ask() {
        List<Future<?>> taken = new ArrayList<>();
        try {
            while (asking || mix.isUnfinished()) {
                if (asking && !wanted.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                    continue;
                }
                Sent next = asking ? mix.next() : mix.nextOfThese();
                taken.add(send(next));
                if (asked.nextInt(TWICE) == 0) {
                    taken.add(send(next));
                }
                sent.add(next);
                if (asked.nextInt(TWICE) == 0) {
                    taken.add(send(sent.get(asked.nextInt(sent.size()))));
                }
            }
            for (Future<?> each : taken) {
                each.get();
            }
        } catch (Exception e) {
            throw new IllegalStateException("a command was not taken", e);
        }
    }

    private Future<?> send(Sent next) {
        return producer.send(CommandsTopic.record(next.command().commandId(), Json.write(next.command()), "a test"));
    }

    /** Pictures of one person, no two of which are the same. */
    private final class OneFace {
        private final BufferedImage picture;
        private int pictures;

        OneFace() throws IOException {
            picture = ImageIO.read(new ByteArrayInputStream(FullHistory.GRACE));
        }

        long send(String event) {
            picture.setRGB(pictures % picture.getWidth(), pictures / picture.getWidth(), 0xff0000);
            pictures++;
            ByteArrayOutputStream png = new ByteArrayOutputStream();
            try {
                ImageIO.write(picture, "png", png);
                return producer.send(TestChips.record(0, event, png.toByteArray()))
                        .get()
                        .offset();
            } catch (Exception e) {
                throw new IllegalStateException("a picture was not taken", e);
            }
        }
    }

    private static final class Answers {
        private final KafkaConsumer<byte[], byte[]> consumer;
        private final Map<String, Set<String>> all = new HashMap<>();
        private int again;

        Answers(KafkaConsumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
            List<TopicPartition> partitions = List.of(new TopicPartition(Topic.GALLERY_EVENTS.topicName(), 0));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
        }

        /** How many commands have an answer. */
        int read() {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                Set<String> ofOne = all.computeIfAbsent(new String(record.key(), UTF_8), id -> new HashSet<>());
                again += ofOne.isEmpty() ? 0 : 1;
                ofOne.add(new String(record.value(), UTF_8));
            }
            return all.size();
        }
    }

    private void assertEachIsDoneOnce(Map<String, Set<String>> answers) throws Exception {
        List<String> done = new ArrayList<>();
        for (Sent each : sent) {
            GalleryEvent answer =
                    CuratedGallery.read(answers.get(each.command().commandId().toString())
                            .iterator()
                            .next()
                            .getBytes(UTF_8));
            assertThat(answer.state())
                    .as("%s: %s", each, answer)
                    .isEqualTo(each.reasons().isEmpty() ? State.DONE : State.REJECTED);
            if (answer.state() == State.REJECTED) {
                assertThat(answer.reason()).as("%s: %s", each, answer).isIn(each.reasons());
            }
            assertThat(answer.samples()).as("%s: %s", each, answer).isEqualTo(each.samples());
            if (answer.state() == State.DONE) {
                done.add(answer.commandId());
            }
            if (answer.erased() != null) {
                assertThat(answer.erased())
                        .allSatisfy(table -> assertThat(table.remaining()).isZero());
                assertThat(answer.erased().stream()
                                .filter(table ->
                                        Set.of("face_sample", "stranger_chip").contains(table.table()))
                                .mapToLong(GalleryEvent.Erased::rows)
                                .sum())
                        .as("%s: %s", each, answer)
                        .isEqualTo(each.erasedPhotos());
            }
        }
        assertThat(query("select name, photos, tags, ignored from facestream.people"))
                .containsExactlyInAnyOrderElementsOf(mix.people());
        assertThat(query("select id, chips from facestream.strangers"))
                .containsExactlyInAnyOrderElementsOf(mix.strangers());
        assertThat(query("select sighting_id, coalesce(name, kind) from facestream.sighting_log"))
                .containsExactlyInAnyOrderElementsOf(mix.visits());
        assertThat(query("select (select count(*) from facestream.face_sample),"
                        + " (select count(*) from facestream.face_embedding),"
                        + " (select count(*) from facestream.negative),"
                        + " (select count(*) from facestream.negative_embedding),"
                        + " (select count(*) from facestream.erasure_receipt)"))
                .containsExactly("%d %1$d %d %2$d %d".formatted(mix.photos(), mix.negatives(), mix.erased()));
        assertThat(query("select l.* from facestream.erasure_receipt r, facestream.erasure_left(r.id) l"
                        + " where l.remains <> 0"))
                .isEmpty();
        assertThat(query(CuratedGallery.WRONG_TEMPLATES)).isEmpty();
        assertThat(query("select distinct command_id from facestream.audit_trail where command_id is not null"))
                .as("every command that was done, and no other, is in the trail")
                .containsExactlyInAnyOrderElementsOf(done);
        assertThat(query("select command_id, action, name_hmac, detail from facestream.audit_trail"
                        + " where command_id is not null and action not in ('enrol', 'reassign')"
                        + " group by 1, 2, 3, 4 having count(*) > 1"))
                .isEmpty();
    }
}
