package io.facestream.curation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.facestream.curation.message.GalleryCommand;
import io.facestream.curation.message.GalleryCommand.Create;
import io.facestream.curation.message.GalleryCommand.Erase;
import io.facestream.curation.message.GalleryCommand.Ignore;
import io.facestream.curation.message.GalleryCommand.Rename;
import io.facestream.curation.message.GalleryCommand.Tag;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.curation.message.GalleryEvent.State;
import io.facestream.embedded.EmbeddedKafka;
import io.facestream.embedded.LocalPostgres;
import io.facestream.embedded.Setup;
import io.facestream.embedded.TestServices;
import io.facestream.gallery.GallerySchema;
import io.facestream.gallery.TestGallery;
import io.facestream.messaging.Json;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.Topic;
import io.facestream.stages.ChildJvm;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Whatever fails while commands come, each has one answer and its effect once. The role and the broker are processes of
 * their own, which are killed; PostgreSQL is a server of the test's own, which is stopped.
 */
@Timeout(value = 1_800, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CurationFaultTest {
    /** Held, since a logger that nobody holds forgets its level: clients warn of every fault that is made here. */
    private static final Logger CLIENTS = Logger.getLogger("org.apache.kafka.clients");

    /** So many commands come for each fault, and it happens when so many of them have an answer. */
    private static final int COMMANDS = 60;

    private static final int ANSWERED = 10;
    private static final int MOST_OF_ONE = 5;

    private static final Duration REST = Duration.ofMinutes(5);

    private final Random random = new Random(19);
    private final List<GalleryCommand> sent = Collections.synchronizedList(new ArrayList<>());
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
        startCuration();
    }

    @AfterEach
    void stop() throws Exception {
        asking = false;
        curation.close();
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
    @org.junit.jupiter.api.Tag("long")
    void eachCommandHasOneAnswerAndItsEffectOnceThroughTwentyFaults() throws Exception {
        endure(20);
    }

    private void endure(int count) throws Exception {
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
            await().atMost(REST).untilAsserted(() -> {
                keepCurationAlive();
                assertThat(answers.read()).as("answers").isEqualTo(sent.size());
            });
            System.out.printf(
                    "%d commands, %d faults: %d answers were published again%n", sent.size(), count, answers.again);
            assertThat(answers.all)
                    .allSatisfy((id, all) -> assertThat(all).as(id).hasSize(1));
            assertEachIsDoneOnce(answers.all);
        }
    }

    private int answered() throws SQLException {
        return Integer.parseInt(query("select count(*) from facestream.gallery_command where answer is not null")
                .get(0));
    }

    /** Up to five commands for each person, some of them twice, as many as are wanted. */
    private void ask() {
        List<Future<?>> taken = new ArrayList<>();
        // longer than any broker is away
        try (KafkaProducer<byte[], byte[]> producer = connection.producer(
                Map.of("enable.idempotence", true, "delivery.timeout.ms", 120_000, "request.timeout.ms", 5_000))) {
            for (int person = 0; asking; person++) {
                if (!wanted.tryAcquire(MOST_OF_ONE, 100, TimeUnit.MILLISECONDS)) {
                    continue;
                }
                for (GalleryCommand command : commands(person)) {
                    byte[] json = Json.write(command);
                    for (int times = random.nextInt(8) == 0 ? 2 : 1; times > 0; times--) {
                        taken.add(producer.send(CommandsTopic.record(command.commandId(), json, "a test")));
                    }
                    sent.add(command);
                }
            }
            for (Future<?> each : taken) {
                each.get();
            }
        } catch (Exception e) {
            throw new IllegalStateException("a command was not taken", e);
        }
    }

    private static List<GalleryCommand> commands(int person) {
        String first = "first " + person;
        String second = "second " + person;
        List<GalleryCommand> commands = new ArrayList<>(List.of(
                new Create(UUID.randomUUID(), first, null),
                new Tag(UUID.randomUUID(), List.of(first), "guest"),
                new Rename(UUID.randomUUID(), first, second),
                new Ignore(UUID.randomUUID(), List.of(second))));
        if (person % 3 == 0) {
            commands.add(new Erase(UUID.randomUUID(), second, null, null));
        }
        return commands;
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
        Set<String> people = new HashSet<>();
        int erased = 0;
        for (GalleryCommand command : sent) {
            GalleryEvent answer =
                    CuratedGallery.read(answers.get(command.commandId().toString())
                            .iterator()
                            .next()
                            .getBytes(UTF_8));
            assertThat(answer.state()).as("%s", answer).isEqualTo(State.DONE);
            if (command instanceof Tag || command instanceof Ignore) {
                assertThat(answer.people()).as("%s", answer).isEqualTo(1);
            } else if (command instanceof Rename rename) {
                people.add(rename.name() + " {guest} t");
            } else if (command instanceof Erase erase) {
                people.remove(erase.person() + " {guest} t");
                erased++;
            }
        }
        assertThat(query("select name, tags, ignored from facestream.people"))
                .containsExactlyInAnyOrderElementsOf(people);
        assertThat(query("select 1 from facestream.erasure_receipt")).hasSize(erased);
        assertThat(query("select count(distinct command_id) from facestream.audit_trail"))
                .containsExactly(Integer.toString(sent.size()));
        assertThat(query("select command_id, action, name_hmac from facestream.audit_trail"
                        + " group by 1, 2, 3 having count(*) > 1"))
                .isEmpty();
    }
}
