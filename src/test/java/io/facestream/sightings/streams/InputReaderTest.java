package io.facestream.sightings.streams;

import static io.facestream.sightings.streams.FilmedCamera.Shown.at;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.messaging.RejectReason;
import io.facestream.sightings.streams.FilmedCamera.Filmed;
import io.facestream.sightings.streams.FilmedCamera.Somebody;
import java.time.Duration;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every kind of record that is wrong becomes one that is rejected with the reason, and none an exception. */
class InputReaderTest {
    private static final Filmed FRAME =
            new FilmedCamera("lobby", 0).film(Duration.ofSeconds(1), at(new Somebody("Ada", true), 300, 300));

    private static Input read(Input.Side side, ProducerRecord<byte[], byte[]> record) {
        return new InputReader(side).deserialize(record.topic(), record.headers(), record.value());
    }

    private static Input event(String pattern, String text) {
        return read(Input.Side.EVENTS, Rewritten.of(FRAME.events().get(0), pattern, text));
    }

    private static Input vector(String pattern, String text) {
        return read(Input.Side.VECTORS, Rewritten.of(FRAME.vectors().get(0), pattern, text));
    }

    private static Input mark(String pattern, String text) {
        return read(Input.Side.VECTORS, Rewritten.of(FRAME.vectors().get(1), pattern, text));
    }

    private static void assertBad(Input input, String says) {
        assertThat(input).isInstanceOfSatisfying(Input.Unusable.class, unusable -> {
            assertThat(unusable.why().reason()).isEqualTo(RejectReason.BAD_MESSAGE);
            assertThat(unusable.why()).hasMessageContaining(says);
        });
    }

    @Test
    void whatStagesWriteIsRead() {
        assertThat(read(Input.Side.EVENTS, FRAME.events().get(0))).isInstanceOf(Input.FaceEvent.class);
        assertThat(read(Input.Side.VECTORS, FRAME.vectors().get(0))).isInstanceOf(Input.FaceVector.class);
        assertThat(read(Input.Side.EVENTS, FRAME.events().get(1))).isInstanceOf(Input.Mark.class);
    }

    /** Squares of such numbers are no longer finite, and a track that holds one never meets a face again. */
    @ParameterizedTest
    @CsvSource({
        "'\"box\":\\{\"x\":[-0-9.]+', '\"box\":{\"x\":3e38', box is within",
        "'\"box\":\\{\"x\":[-0-9.]+', '\"box\":{\"x\":-1e30', box is within",
        "'\"width\":80.0', '\"width\":3e38', box is within",
        "'\"height\":80.0', '\"height\":0', not a box",
        "'\"norm\":60.0', '\"norm\":1e30', length is above 0",
        "'\"norm\":60.0', '\"norm\":-5', length is above 0",
        "'\"norm\":60.0', '\"norm\":0', length is above 0",
        "'\"norm\":60.0', '\"norm\":\"NaN\"', expected a number",
        "'\"size\":80.0', '\"size\":-1', size is 0 to",
        "'\"size\":80.0', '\"size\":1e20', size is 0 to",
        "'\"probability\":0.98', '\"probability\":1.5', probability is 0 to 1",
        "'\"probability\":0.98', '\"probability\":1e999', too large",
        "'\"decision\":\"KNOWN\"', '\"decision\":\"PERHAPS\"', decision is not one of KNOWN",
    })
    void measuresThatNoFaceHasAreRejected(String pattern, String text, String says) {
        assertBad(event(pattern, text), says);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"eventId\":\"[^\"]+', '\"eventId\":\"a\\\\nb', eventId has a control character",
        "'\"eventId\":\"[^\"]+', '\"eventId\":\"a\\\\ud800', half of a surrogate pair",
        "'\"name\":\"Ada', '\"name\":\"A\\\\ud800', half of a surrogate pair",
        "'\"name\":\"Ada', '\"name\":\"\\\\u0000', name has a control character",
        "'\"modelVersion\":\"[^\"]+', '\"modelVersion\":\" ', modelVersion is missing",
        "'\"topic\":\"detected-faces', '\"topic\":\"a\\\\tb', pointers.chip.topic has a control character",
    })
    void textsThatNoMessageCouldHoldAreRejected(String pattern, String text, String says) {
        assertBad(event(pattern, text), says);
    }

    @Test
    void textsThatAreTooLongAreRejected() {
        assertBad(event("\"name\":\"Ada", "\"name\":\"" + "a".repeat(3_000)), "name has 3000 characters");
        assertBad(event("\"eventId\":\"", "\"eventId\":\"" + "a".repeat(5_000)), "more than 4096");
        assertBad(event("\"camera\":\"", "\"camera\":\"" + "a".repeat(300)), "more than 256");
    }

    /** CloudEvents and the database have no such years. */
    @ParameterizedTest
    @CsvSource({
        "capturedAt, +12000-01-01T00:00:00Z, frame.capturedAt is",
        "capturedAt, -0005-01-01T00:00:00Z, frame.capturedAt is",
        "appendedAt, 1969-12-31T00:00:00Z, frame.appendedAt is",
        "appendedAt, +1000000000-12-31T23:59:59Z, frame.appendedAt is",
    })
    void timesThatCannotBeAreRejected(String field, String time, String says) {
        String pattern = "\"" + field + "\":\"[^\"]+";
        String text = "\"" + field + "\":\"" + time;
        assertBad(vector(pattern, text), says);
        assertBad(mark(pattern, text), says);
    }

    @Test
    void aVectorOfAnotherLengthIsReadAndOneWithoutDirectionIsRejected() {
        assertThat(vector("\"embedding\":\\[[^]]*]", "\"embedding\":[0.6,0.8]"))
                .isInstanceOfSatisfying(Input.FaceVector.class, face -> assertThat(face.vector())
                        .hasSize(2));
        assertBad(vector("\"embedding\":\\[[^]]*]", "\"embedding\":[]"), "unit length");
        assertBad(vector("\"embedding\":\\[[^]]*]", "\"embedding\":[0,0]"), "unit length");
        assertBad(vector("\"embedding\":\\[[^]]*]", "\"embedding\":[1,1]"), "unit length");
        assertBad(
                vector("\"embedding\":\\[[^]]*]", "\"embedding\":[" + "0.02,".repeat(2_499) + "0.02]"), "at most 2000");
    }

    @Test
    void aMarkThatIsNoneAndARecordOfAnotherTypeAreRejected() {
        assertBad(mark("\"faces\":1", "\"faces\":-1"), "0 or more");
        assertBad(mark("\"source\":\"[^\"]+", "\"source\":\"a b"), "frame.source is no URI");
        assertBad(mark("\"offset\":0", "\"offset\":-1"), "frame.pointer is the place of a record");
        Input other = read(Input.Side.VECTORS, FRAME.events().get(0));
        assertThat(other).isInstanceOfSatisfying(Input.Unusable.class, unusable -> assertThat(
                        unusable.why().reason())
                .isEqualTo(RejectReason.BAD_HEADER));
    }

    @Test
    void aRecordWithoutHeadersIsRejected() {
        Input plain = new InputReader(Input.Side.EVENTS)
                .deserialize("identity-events", new RecordHeaders(), "{}".getBytes(UTF_8));

        assertThat(plain).isInstanceOfSatisfying(Input.Unusable.class, unusable -> assertThat(
                        unusable.why().reason())
                .isEqualTo(RejectReason.BAD_HEADER));
    }
}
