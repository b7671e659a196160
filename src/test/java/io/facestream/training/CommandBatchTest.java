package io.facestream.training;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.embedded.TestServices;
import io.facestream.gallery.TestGallery;
import io.facestream.messaging.Json;
import io.facestream.messaging.KafkaConnection;
import io.facestream.training.commands.CommandLog;
import io.facestream.training.commands.TrainingProgress;
import io.facestream.training.commands.TrainingProgress.State;
import io.facestream.training.data.LabelledTopics;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Malicious commands, on a real broker and a real database. */
class CommandBatchTest {
    private static final TestGallery GALLERY = TestGallery.of(CommandBatchTest.class);

    /** Far below what a topic accepts and a screen shows. */
    private static final int LONGEST_ANSWER = 8_000;

    private static final String LONG = "x".repeat(1_000_000);
    private static final String WIDE = "\uD83D\uDE00".repeat(250_000);

    private static CommandBatch batch;

    @BeforeAll
    static void migrate() throws Exception {
        GALLERY.renew();
        KafkaConnection kafka = KafkaConnection.to(TestServices.kafka().bootstrapServers());
        batch = new CommandBatch(
                new CommandLog(GALLERY.as("facestream_training"), "test", Duration.ofMinutes(1)),
                new LabelledTopics(kafka));
    }

    static Stream<String> hostileCommands() {
        return Stream.of(
                field("promote", "\"version\": \"" + LONG + "\""),
                field("promote", "\"version\": \"a\\nb\""),
                field("promote", "\"version\": \"" + WIDE + "\""),
                field("fine-tune", "\"base\": \"" + LONG + "\""),
                field("fine-tune", "\"topics\": [\"" + LONG + "\"]"),
                field("fine-tune", "\"topics\": [\"" + WIDE + "\"]"),
                field("fine-tune", "\"topics\": [null]"),
                field("fine-tune", "\"from\": \"" + LONG + "\""),
                field("fine-tune", "\"from\": \"+1000000000-12-31T23:59:59Z\""),
                field("fine-tune", "\"from\": \"0001-01-01T00:00:00Z\""),
                field("fine-tune", "\"mining\": \"" + LONG + "\""),
                field("fine-tune", "\"architecture\": \"" + WIDE + "\""),
                field("fine-tune", "\"promote\": \"" + LONG + "\""),
                field("fine-tune", "\"augmentation\": \"\\ud800\""),
                field("fine-tune", "\"people\": [\"" + LONG + "\", \"Ada\"]"),
                field("fine-tune", "\"people\": [\"\\ud800\", \"Ada\"]"),
                field("fine-tune", "\"people\": [\"Ada\\udc00\", \"Bob\"]"),
                field("fine-tune", "\"people\": [\"A\\u0000da\", \"Bob\"]"),
                field("fine-tune", "\"people\": [null, \"Bob\"]"),
                field("fine-tune", "\"people\": [[\"Ada\"], \"Bob\"]"),
                field("fine-tune", "\"offsets\": {\"" + LONG + "\": {\"0\": 1}}"),
                field("fine-tune", "\"offsets\": {\"\\ud800\": {\"0\": 1}}"),
                field("fine-tune", "\"offsets\": {\"t\": {\"" + LONG + "\": 1}}"),
                field("fine-tune", "\"offsets\": {\"t\": {\"-1\": 1}}"),
                field("fine-tune", "\"epochs\": " + "9".repeat(5_000)),
                field("fine-tune", "\"margin\": 1e400"),
                field("fine-tune", "\"batchPhotos\": 2147483647, \"batchPeople\": 2147483647"),
                field("cancel", "\"target\": \"" + LONG + "\""),
                field("fine-tune", "\"other\": " + "[".repeat(500_000) + "]".repeat(500_000)),
                "{\"command\": \"" + LONG + "\", \"commandId\": \"ID\"}",
                "{\"command\": \"fine-tune\", \"commandId\": \"" + LONG + "\"}",
                "{\"command\": \"fine-tune\"}",
                "{\"" + LONG,
                "null",
                "[]",
                "");
    }

    @ParameterizedTest
    @MethodSource("hostileCommands")
    void aHostileCommandIsRejectedInOneShortLine(String command) throws Exception {
        String id = UUID.randomUUID().toString();

        TrainingProgress answer = answer(id.getBytes(UTF_8), command.replace("ID", id));

        assertThat(answer.state()).isEqualTo(State.REJECTED);
        assertThat(answer.commandId()).isEqualTo(id);
        assertThat(answer.message())
                .isNotBlank()
                .hasSizeLessThanOrEqualTo(1_000)
                .doesNotContain("\n");
        assertThat(GALLERY.query("select 1 from facestream.training_command")).isEmpty();
    }

    @Test
    void aVersionNameOfAMegabyteIsAnsweredWithWhatANameIs() throws Exception {
        String id = UUID.randomUUID().toString();

        TrainingProgress answer = answer(
                id.getBytes(UTF_8),
                field("promote", "\"version\": \"" + LONG + "\"").replace("ID", id));

        assertThat(answer.message())
                .startsWith("version is the name of a model version, 1 to 63 of a-z 0-9 . -, not xxx")
                .hasSizeLessThan(200);
    }

    @Test
    void aCommandWithAKeyThatIsNoIdIsAnsweredAllTheSame() throws Exception {
        for (byte[] key : List.of(new byte[0], new byte[] {(byte) 0xff, 10}, new byte[100_000])) {
            assertThat(answer(key, "no command").state()).isEqualTo(State.REJECTED);
        }
        assertThat(answer(null, "no command").commandId()).isNull();
    }

    @Test
    void aLongListOfPeopleAndUnknownFieldsAreNoReasonToRejectACommand() throws Exception {
        String id = UUID.randomUUID().toString();
        StringBuilder people = new StringBuilder("\"Ada\"");
        for (int i = 0; i < 60_000; i++) {
            people.append(",\"Person ").append(i).append('"');
        }

        TrainingProgress answer = answer(
                id.getBytes(UTF_8),
                field(
                                "fine-tune",
                                "\"topics\": [\"nowhere-yet\"], \"colour\": {\"a\": [1]}, \"people\": [" + people + "]")
                        .replace("ID", id));

        assertThat(answer.message()).isEqualTo("there is no topic nowhere-yet");
    }

    private static String field(String command, String field) {
        return "{\"command\": \"" + command + "\", \"commandId\": \"ID\", " + field + "}";
    }

    private static TrainingProgress answer(byte[] key, String command) throws Exception {
        List<List<ProducerRecord<byte[], byte[]>>> answers =
                batch.process(List.of(new ConsumerRecord<>("training-commands", 0, 0, key, command.getBytes(UTF_8))));
        assertThat(answers).hasSize(1);
        assertThat(answers.get(0)).hasSize(1);
        ProducerRecord<byte[], byte[]> answer = answers.get(0).get(0);
        assertThat(answer.value()).hasSizeLessThan(LONGEST_ANSWER);
        return Json.read(answer.value(), TrainingProgress.class);
    }
}
