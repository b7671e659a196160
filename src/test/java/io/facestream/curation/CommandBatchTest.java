package io.facestream.curation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.curation.message.GalleryCommand;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.curation.message.GalleryEvent.State;
import io.facestream.gallery.TestGallery;
import io.facestream.messaging.Json;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is stored, and what is answered at once. */
class CommandBatchTest {
    private static final TestGallery DATABASE = TestGallery.of(CommandBatchTest.class);
    private static final String ID = "0b8e3c8e-7c1c-4a43-9a5a-000000000001";

    private final AtomicInteger stored = new AtomicInteger();
    private CommandBatch batch;

    @BeforeEach
    void fill() throws Exception {
        batch = new CommandBatch(new CuratedGallery(DATABASE).store(), stored::incrementAndGet);
    }

    private static ConsumerRecord<byte[], byte[]> record(String key, String json) {
        return new ConsumerRecord<>(
                "gallery-commands",
                0,
                1,
                key == null ? null : key.getBytes(UTF_8),
                json == null ? null : json.getBytes(UTF_8));
    }

    private GalleryEvent answer(ConsumerRecord<byte[], byte[]> record) throws Exception {
        List<List<ProducerRecord<byte[], byte[]>>> answers = batch.process(List.of(record));
        assertThat(answers).hasSize(1);
        assertThat(answers.get(0)).hasSize(1);
        assertThat(DATABASE.query("select 1 from facestream.gallery_command")).isEmpty();
        return Json.read(answers.get(0).get(0).value(), GalleryEvent.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "{\"command\":\"create\",\"commandId\":\"" + ID + "\",\"name\":\"  \"}|name: a name must not be blank",
                "{\"command\":\"create\",\"commandId\":\"" + ID + "\"}|name is missing",
                "{\"command\":\"create\",\"name\":\"Ada\"}|commandId is a UUID, and missing",
                "{\"command\":\"merge\",\"commandId\":\"" + ID
                        + "\",\"people\":[],\"into\":\"x\"}|people has 1 to 10000",
                "{\"command\":\"merge\",\"commandId\":\"" + ID + "\",\"people\":[null],\"into\":\"x\"}|people has 1 to",
                "{\"command\":\"split\",\"commandId\":\"" + ID + "\",\"samples\":[\"" + ID + "\"]}|either into",
                "{\"command\":\"tag\",\"commandId\":\"" + ID + "\",\"people\":[\"x\"],\"tag\":\"a\\u200bb\"}|invisible",
                "{\"command\":\"undo\",\"commandId\":\"" + ID + "\",\"target\":\"x\"}|not valid JSON",
                "{\"command\":\"teleport\",\"commandId\":\"" + ID + "\"}|not valid JSON",
                "[1,2]|not valid JSON",
                "null|JSON null",
                "|not valid JSON"
            })
    void aMessageThatIsNoCommandIsAnsweredAtOnce(String json, String why) throws Exception {
        GalleryEvent answer = answer(record(ID, json));

        assertThat(answer.state()).isEqualTo(State.REJECTED);
        assertThat(answer.reason()).isEqualTo("bad-command");
        assertThat(answer.commandId()).isEqualTo(ID);
        assertThat(answer.message()).contains(why);
    }

    @Test
    void tooManyPeopleAreRefused() throws Exception {
        String people = String.join(",", Collections.nCopies(10_001, "\"x\""));

        assertThat(answer(record(
                                ID,
                                "{\"command\":\"ignore\",\"commandId\":\"" + ID + "\",\"people\":[" + people + "]}"))
                        .message())
                .isEqualTo("people has 1 to 10000 values");
    }

    @Test
    void aKeyThatIsNoIdIsNotRepeated() throws Exception {
        assertThat(answer(record("x".repeat(257), "{}")).commandId()).isNull();
        assertThat(answer(record(null, "{}")).commandId()).isNull();
    }

    @Test
    void aCommandIsStoredWithWhoAskedForIt() throws Exception {
        ConsumerRecord<byte[], byte[]> record =
                record(ID, "{\"command\":\"create\",\"commandId\":\"" + ID + "\",\"name\":\"Ada\"}");
        record.headers().add(GalleryCommand.REQUESTED_BY, ("eve\0" + "x".repeat(300)).getBytes(UTF_8));

        assertThat(batch.process(List.of(record, record))).containsExactly(List.of(), List.of());

        assertThat(DATABASE.query("select id, kind, state, left(requested_by, 5), length(requested_by)"
                        + " from facestream.gallery_command"))
                .containsExactly(ID + " create queued eve x 256");
        assertThat(stored).hasValue(1);
    }
}
