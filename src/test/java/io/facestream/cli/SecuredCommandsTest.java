package io.facestream.cli;

import static io.facestream.cli.publish.SampleEvent.candidate;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.facestream.Main;
import io.facestream.cli.publish.SampleEvent;
import io.facestream.cli.terminal.EventLine;
import io.facestream.configuration.Settings;
import io.facestream.embedded.KafkaAcls;
import io.facestream.embedded.SecuredServices;
import io.facestream.enrolment.EnrolmentAnswer;
import io.facestream.identities.Identification.Decision;
import io.facestream.identities.IdentityEvent;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicAdmin;
import io.facestream.messaging.TopicsConfig;
import io.facestream.training.commands.TrainingProgress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What people run, over TLS with a login, with the rights that {@code docs/kafka-acls.sh} gives them and no others.
 * The broker's superuser answers in place of the roles.
 */
class SecuredCommandsTest {
    private static final Path PHOTOS = Path.of("src/main/resources/demo/people");
    private static final KafkaConnection SUPERUSER = KafkaConnection.to(SecuredServices.superuserAddress());
    private static final Map<String, String> OPERATOR = settings("facestream-operator", SecuredServices.KAFKA_PASSWORD);
    private static final Map<String, String> SUBSCRIBER = settings("subscriber", SecuredServices.KAFKA_PASSWORD);

    @TempDir
    private Path folder;

    private static Map<String, String> settings(String user, String password) {
        Map<String, String> settings = new HashMap<>(SecuredServices.scram(user, password));
        settings.putAll(SecuredServices.database());
        return settings;
    }

    /** What the roles make at their start. */
    @BeforeAll
    static void grantMigrateAndMakeTheTopics() throws Exception {
        KafkaAcls.grant(SecuredServices.superuserAddress(), KafkaAcls.ofTheScript());
        assertThat(run(OPERATOR, "migrate").err()).isEmpty();
        TopicAdmin.ensure(
                SUPERUSER,
                Settings.load().get(TopicsConfig.class),
                List.of(Topic.LABELLED_FACES, Topic.ENROLMENTS, Topic.TRAINING_COMMANDS, Topic.TRAINING_PROGRESS));
    }

    private static CommandRun run(Map<String, String> settings, String... arguments) {
        try (var ignored = new CommandRun.Properties(settings)) {
            return CommandRun.of(arguments);
        }
    }

    private static String ok(String... arguments) {
        CommandRun run = run(OPERATOR, arguments);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run.out();
    }

    @Test
    void anOperatorEnrols() throws Exception {
        Path person = Files.createDirectories(folder.resolve("Grace_Hopper"));
        Files.copy(PHOTOS.resolve("Grace_Hopper/us-navy.jpg"), person.resolve("us-navy.jpg"));

        CompletableFuture<Void> role = answer(
                Topic.LABELLED_FACES,
                Topic.ENROLMENTS,
                photo -> event(
                        EnrolmentAnswer.TYPE,
                        """
                        {"schemaVersion": 1, "photoId": "%s", "outcome": "ACCEPTED"}"""
                                .formatted(photo.getId())));

        assertThat(ok("enrol", folder.toString())).contains("1 of 1 photos accepted.");
        assertThat(role).succeedsWithin(Duration.ofMinutes(1));
    }

    @Test
    void anOperatorTrains() {
        CompletableFuture<Void> role = answer(
                Topic.TRAINING_COMMANDS,
                Topic.TRAINING_PROGRESS,
                command -> event(
                        TrainingProgress.TYPE,
                        """
                        {"schemaVersion": 1, "commandId": "%s", "kind": "fine-tune", "state": "done",
                         "outcome": "candidate", "at": "%s"}"""
                                .formatted(command.getSubject(), Instant.now())));

        assertThat(ok("train", "--epochs", "1")).contains("Training command ");
        assertThat(role).succeedsWithin(Duration.ofMinutes(1));
    }

    static Stream<Arguments> watchers() {
        return Stream.of(Arguments.of("an operator", OPERATOR), Arguments.of("a subscriber", SUBSCRIBER));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("watchers")
    void eventsAreWatchedBy(String who, Map<String, String> settings) {
        String camera = UUID.randomUUID().toString();
        IdentityEvent seen = SampleEvent.of(camera, Decision.KNOWN, candidate("Ada", 0.5f));
        TopicAdmin.ensure(SUPERUSER, Settings.load().get(TopicsConfig.class), List.of(Topic.IDENTITY_EVENTS));
        send(Topic.IDENTITY_EVENTS, camera, event(IdentityEvent.TYPE, new String(Json.write(seen), UTF_8)));

        OneLine out = new OneLine();
        StringWriter err = new StringWriter();
        int exitCode;
        try (var ignored = new CommandRun.Properties(settings)) {
            exitCode = Main.commandLine()
                    .setOut(new PrintWriter(out, true))
                    .setErr(new PrintWriter(err, true))
                    .execute("watch", "--from-beginning", "--camera", camera);
        }

        assertThat(err.toString()).isEmpty();
        assertThat(exitCode).isZero();
        assertThat(out.text.toString()).isEqualTo(EventLine.of(seen) + "\n");
    }

    @Test
    void anOperatorPublishes() {
        assertThat(ok("publish", PHOTOS.resolve("Grace_Hopper").toString(), "--camera", "door"))
                .isEqualTo("Published 1 frame of camera door.\n");
    }

    @Test
    void anOperatorChangesModelsAndTheRolesAreToldOfIt() {
        String file = folder.resolve("model.zip").toString();
        String shipped = "mobilefacenet-1";

        assertThat(ok("models", "list")).contains("active    " + shipped);
        assertThat(ok("models", "show", shipped)).contains(shipped);
        ok("models", "export", shipped, file);
        String made = ok("models", "import", file).split(" ", 2)[0];
        assertThat(ok("models", "promote", made)).isEqualTo(made + " is active.\n");
        assertThat(ok("models", "rollback")).isEqualTo(shipped + " is active.\n");
        assertThat(ok("models", "retire", made)).isEqualTo(made + " is retired.\n");

        try (KafkaConsumer<byte[], byte[]> consumer = SUPERUSER.consumer(Map.of("auto.offset.reset", "earliest"))) {
            consumer.assign(List.of(new TopicPartition(Topic.MODEL_RELEASES.topicName(), 0)));
            List<String> versions = new ArrayList<>();
            await().untilAsserted(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> versions.add(new String(record.key(), UTF_8)));
                assertThat(versions).containsSubsequence(made, shipped);
            });
        }
    }

    static Stream<Arguments> commands() {
        String grace = PHOTOS.resolve("Grace_Hopper/us-navy.jpg").toString();
        return Stream.of(
                Arguments.of("enrol", List.of("enrol", PHOTOS.toString()), "[enrolments]"),
                Arguments.of("train", List.of("train"), "[training-progress]"),
                Arguments.of("watch", List.of("watch"), "[identity-events]"),
                Arguments.of("publish", List.of("publish", grace, "--camera", "door"), "[camera-frames]"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("commands")
    void aWrongPasswordIsOneLine(String command, List<String> arguments, String topics) {
        CommandRun run = run(settings("facestream-operator", "wrong"), arguments.toArray(String[]::new));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("facestream " + command
                        + ": the broker refuses the user: check username and password in kafka.sasl.jaas")
                .hasLineCount(1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("commands")
    void aPrincipalWithoutTheRightsIsToldOfTheTopic(String command, List<String> arguments, String topics) {
        CommandRun run = run(settings("nobody", SecuredServices.KAFKA_PASSWORD), arguments.toArray(String[]::new));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("facestream " + command + ": this client's principal may not use the topics " + topics
                        + ": grant it")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @MethodSource("modelCommands")
    void theDatabasesWrongPasswordIsOneLine(List<String> arguments) {
        Map<String, String> settings = new HashMap<>(OPERATOR);
        settings.put("quarkus.datasource.password", "wrong");

        CommandRun run = run(settings, arguments.toArray(String[]::new));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("facestream models " + arguments.get(1)
                        + ": the database refuses the login (FATAL: password authentication failed")
                .hasLineCount(1);
    }

    static Stream<List<String>> modelCommands() {
        return Stream.of(
                List.of("models", "list"),
                List.of("models", "show", "mobilefacenet-1"),
                List.of("models", "export", "mobilefacenet-1", "target/never-written.zip"),
                List.of("models", "promote", "mobilefacenet-1"),
                List.of("models", "rollback"),
                List.of("models", "retire", "mobilefacenet-1"));
    }

    /** Plays the role that reads a topic: answers the next record there with its key. */
    private static CompletableFuture<Void> answer(Topic from, Topic to, Function<CloudEvent, CloudEvent> answer) {
        KafkaConsumer<byte[], byte[]> consumer = SUPERUSER.consumer(Map.of());
        List<TopicPartition> partitions = consumer.partitionsFor(from.topicName()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        return CompletableFuture.runAsync(() -> {
            try (consumer) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(30))) {
                    CloudEvent event = CloudEventRecords.read(record).orElseThrow();
                    send(to, new String(record.key(), UTF_8), answer.apply(event));
                }
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    private static CloudEvent event(String type, String json) {
        return CloudEventBuilder.v1()
                .withId(UUID.randomUUID().toString())
                .withSource(URI.create("/test"))
                .withType(type)
                .withData("application/json", json.getBytes(UTF_8))
                .build();
    }

    private static void send(Topic topic, String key, CloudEvent event) {
        try (KafkaProducer<byte[], byte[]> producer = SUPERUSER.producer(Map.of())) {
            producer.send(CloudEventRecords.write(topic, null, key.getBytes(UTF_8), event));
        }
    }

    /** A reader who goes away after the first line, as {@code head -1} does. */
    private static final class OneLine extends Writer {
        private final StringBuffer text = new StringBuffer();

        @Override
        public void write(char[] characters, int offset, int length) {
            text.append(characters, offset, length);
        }

        @Override
        public void flush() throws IOException {
            if (text.indexOf("\n") >= 0) {
                throw new IOException("Broken pipe");
            }
        }

        @Override
        public void close() {}
    }
}
