package io.facestream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.embedded.TestServices;
import io.facestream.frames.TestPictures;
import io.facestream.messaging.Json;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Topic;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import io.facestream.models.VersionChanges;
import io.facestream.training.commands.TrainingProgress;
import io.facestream.training.commands.TrainingProgress.Dataset;
import io.facestream.training.commands.TrainingProgress.Outcome;
import io.facestream.training.commands.TrainingProgress.State;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Training commands, from the topic to a model version or a clear end. */
@QuarkusTest
@Tag("application")
@TestProfile(AllRoles.class)
class TrainingOverKafkaTest {
    private static final Map<String, byte[]> PEOPLE = Map.of(
            "Grace_Hopper", TestPictures.sample("people/Grace_Hopper/us-navy.jpg"),
            "Eileen_Collins", TestPictures.sample("people/Eileen_Collins/nasa.jpg"),
            "John_Ousterhout", TestPictures.sample("people/John_Ousterhout/tk.jpg"));

    private final DataSource database = AllRoles.database();
    private final String labelled = "labelled-" + UUID.randomUUID();
    private Topics topics;

    @BeforeEach
    void connect() throws SQLException {
        topics = new Topics();
        AllRoles.execute(database, "delete from facestream.identity");
    }

    @AfterEach
    void disconnect() {
        topics.close();
    }

    @Test
    void aFineTuningBecomesACandidateThatIsPromotedAndRolledBackByCommand() throws Exception {
        publishPeople();
        UUID id = UUID.randomUUID();

        send(
                id,
                """
                {"command": "fine-tune", "commandId": "%s", "topics": ["%s"], "epochs": 1, "batchPeople": 2,
                 "batchPhotos": 2, "gallery": false, "teacher": "mobilefacenet-pair",
                 "augmentation": "far-only", "seed": 3}"""
                        .formatted(id, labelled));

        TrainingProgress end = end(id);
        assertThat(end.state()).as(end.message()).isEqualTo(State.DONE);
        // Three people with a photo each leave nobody to hold back: it is for a person to promote.
        assertThat(end.outcome()).isEqualTo(Outcome.CANDIDATE);
        assertThat(all(id))
                .extracting(TrainingProgress::dataset)
                .contains(new Dataset(3, 3, 0, 0, Map.of("undecodable", 1, "near-duplicate", 1)));
        assertThat(all(id)).anySatisfy(progress -> assertThat(progress.epoch()).isNotNull());
        ModelRegistry registry = new ModelRegistry(database);
        String before = registry.active().version();
        assertThat(registry.require(end.version()).parent()).isEqualTo(before);
        assertThat(registry.require(end.version()).bytes())
                .as("two networks, for near and for far faces")
                .isGreaterThan(registry.require(before).bytes() * 19 / 10);

        assertThat(answer("{\"command\": \"promote\", \"commandId\": \"%s\", \"version\": \"" + end.version() + "\"}")
                        .state())
                .isEqualTo(State.DONE);
        assertThat(registry.active().version()).isEqualTo(end.version());
        TrainingProgress back = answer("{\"command\": \"roll-back\", \"commandId\": \"%s\"}");
        assertThat(back.version()).isEqualTo(before);
        assertThat(registry.active().version()).isEqualTo(before);
        new VersionChanges(database).retire(end.version());
        TrainingProgress retired =
                answer("{\"command\": \"promote\", \"commandId\": \"%s\", \"version\": \"" + end.version() + "\"}");
        assertThat(retired.state()).isEqualTo(State.FAILED);
        assertThat(retired.message()).contains(end.version());
        assertThat(registry.active().version()).isEqualTo(before);
    }

    @Test
    void aLearningRateFarTooHighChangesNothingAndSaysWhy() throws Exception {
        publishPeople();
        UUID id = UUID.randomUUID();
        ModelVersion before = new ModelRegistry(database).active();

        send(
                id,
                """
                {"command": "fine-tune", "commandId": "%s", "topics": ["%s"], "epochs": 8, "batchPeople": 2,
                 "batchPhotos": 2, "gallery": false, "learningRate": 1, "baseWeight": 0, "seed": 3}"""
                        .formatted(id, labelled));

        TrainingProgress end = end(id);
        assertThat(end.outcome()).as(end.message()).isEqualTo(Outcome.COLLAPSED);
        assertThat(end.message()).contains("learning rate", "the active model is as it was");
        assertThat(new ModelRegistry(database).active()).isEqualTo(before);
    }

    @Test
    void whatIsNoCommandOrNotAllowedIsAnsweredWithWhatIs() throws Exception {
        assertThat(answer("{\"command\": \"fine-tune\", \"commandId\": \"%s\", \"margin\": -1}")
                        .message())
                .isEqualTo("the margin is above 0, at most 2, not -1.0");
        assertThat(answer("{\"command\": \"fine-tune\", \"commandId\": \"%s\", \"teacherWeight\": 3}")
                        .message())
                .isEqualTo("teacherWeight is the weight of a teacher: name one");
        assertThat(answer("{\"command\": \"fine-tune\", \"commandId\": \"%s\", \"mining\": \"hardest\"}")
                        .message())
                .contains("semi-hard, batch-hard, batch-all");
        assertThat(answer("{\"command\": \"fine-tune\", \"commandId\": \"%s\", \"topics\": [\"nowhere\"]}")
                        .message())
                .isEqualTo("there is no topic nowhere");
        assertThat(answer("{\"command\": \"dance\", \"commandId\": \"%s\"}").state())
                .isEqualTo(State.REJECTED);
        assertThat(answer("{\"command\": \"fine-tune\", \"commandId\": \"%s\", \"offsets\": {\"t\": null}}")
                        .state())
                .isEqualTo(State.REJECTED);
        assertThat(answer("{\"command\": \"promote\", \"commandId\": \"%s\", \"version\": \"a\\u0000b\"}")
                        .state())
                .isEqualTo(State.REJECTED);
        assertThat(answer("no JSON of %s").state()).isEqualTo(State.REJECTED);
        TrainingProgress unknown =
                answer("{\"command\": \"fine-tune\", \"commandId\": \"%s\", \"base\": \"mobilefacenet-99\"}");
        assertThat(unknown.state()).isEqualTo(State.FAILED);
        assertThat(unknown.message()).isEqualTo("there is no model version mobilefacenet-99");
        TrainingProgress nobody =
                answer("{\"command\": \"cancel\", \"commandId\": \"%s\", \"target\": \"" + UUID.randomUUID() + "\"}");
        assertThat(nobody.state()).isEqualTo(State.FAILED);
    }

    @Test
    void anAnswerThatTheTopicDoesNotTakeIsToldShorterAndStandsBeforeNoOther() throws Exception {
        UUID large = UUID.randomUUID();
        AllRoles.execute(
                database,
                """
                insert into facestream.training_command (id, command, kind, state, updated_at, result) values ('%1$s',
                    '{"command": "promote", "commandId": "%1$s", "version": "x"}', 'promote', 'failed', '2026-01-01Z',
                    jsonb_build_object('schemaVersion', 1, 'commandId', '%1$s', 'kind', 'promote', 'state', 'failed',
                        'at', '2026-01-01T00:00:00Z', 'version', repeat('v', 1500000),
                        'message', repeat('m', 1500000)))"""
                        .formatted(large));

        TrainingProgress behind =
                answer("{\"command\": \"promote\", \"commandId\": \"%s\", \"version\": \"nowhere-1\"}");

        assertThat(behind.message()).startsWith("there is no model version nowhere-1");
        TrainingProgress shortened = end(large);
        assertThat(shortened.state()).isEqualTo(State.FAILED);
        assertThat(shortened.message()).hasSize(1_000).startsWith("mmm");
        assertThat(answer("{\"command\": \"promote\", \"commandId\": \"%s\", \"version\": \"" + "v".repeat(1_000_000)
                                + "\"}")
                        .message())
                .startsWith("version is the name of a model version")
                .hasSizeLessThan(300);
    }

    @Test
    void oneUndetectablePersonIsNothingToTrainOn() throws Exception {
        topics.publish(Topic.LABELLED_FACES, null, "Nobody", new byte[] {1, 2, 3}, Map.of());
        UUID id = UUID.randomUUID();

        send(
                id,
                """
                {"command": "fine-tune", "commandId": "%s", "people": ["Nobody", "Nobody else"], "gallery": false}"""
                        .formatted(id));

        TrainingProgress end = end(id);
        assertThat(end.state()).isEqualTo(State.FAILED);
        assertThat(end.message()).contains("at least two people").contains("undecodable");
    }

    private void publishPeople() throws Exception {
        try (Admin admin =
                KafkaConnection.to(TestServices.kafka().bootstrapServers()).admin()) {
            admin.createTopics(List.of(new NewTopic(labelled, 2, (short) 1)))
                    .all()
                    .get();
        }
        PEOPLE.forEach((name, photo) -> publish(name, photo));
        publish("Grace_Hopper", TestPictures.encode(TestPictures.image(PEOPLE.get("Grace_Hopper")), "png"));
        publish("Grace_Hopper", PEOPLE.get("Grace_Hopper"));
        publish("Grace_Hopper", new byte[] {1, 2, 3});
    }

    private void publish(String name, byte[] photo) {
        topics.publish(new ProducerRecord<>(labelled, name.getBytes(UTF_8), photo));
    }

    private void send(UUID id, String command) {
        topics.publish(Topic.TRAINING_COMMANDS, null, id.toString(), command.getBytes(UTF_8), Map.of());
    }

    /** The final answer to a command; its id is inserted. */
    private TrainingProgress answer(String command) throws RejectedException {
        UUID id = UUID.randomUUID();
        send(id, command.formatted(id));
        return end(id);
    }

    private TrainingProgress end(UUID id) throws RejectedException {
        ConsumerRecord<byte[], byte[]> last = topics.await(
                Topic.TRAINING_PROGRESS,
                record -> isOf(id, record) && read(record).state().isTerminal());
        return read(last);
    }

    private List<TrainingProgress> all(UUID id) {
        List<ConsumerRecord<byte[], byte[]>> records = topics.all(Topic.TRAINING_PROGRESS).stream()
                .filter(record -> isOf(id, record))
                .toList();
        records.forEach(record -> assertThat(Schemas.violations("training-progress.json", record.value()))
                .isEmpty());
        return records.stream().map(TrainingOverKafkaTest::read).toList();
    }

    private static boolean isOf(UUID id, ConsumerRecord<byte[], byte[]> record) {
        return record.key() != null && id.toString().equals(new String(record.key(), UTF_8));
    }

    private static TrainingProgress read(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Json.read(record.value(), TrainingProgress.class);
        } catch (RejectedException e) {
            throw new AssertionError(e);
        }
    }
}
