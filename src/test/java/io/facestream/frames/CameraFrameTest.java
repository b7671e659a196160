package io.facestream.frames;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.facestream.messaging.Json;
import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CameraFrameTest {
    private static ConsumerRecord<byte[], byte[]> record(String camera, Map<String, byte[]> headers) {
        RecordHeaders all = new RecordHeaders();
        headers.forEach(all::add);
        return new ConsumerRecord<>(
                "camera-frames",
                1,
                7,
                1_000,
                TimestampType.LOG_APPEND_TIME,
                0,
                1,
                camera.getBytes(UTF_8),
                new byte[] {1},
                all,
                Optional.empty());
    }

    private static ConsumerRecord<byte[], byte[]> event(String header, byte[] value) {
        Map<String, byte[]> headers = new LinkedHashMap<>();
        headers.put("ce_specversion", "1.0".getBytes(UTF_8));
        headers.put("ce_id", "1".getBytes(UTF_8));
        headers.put("ce_source", "/cameras/lobby".getBytes(UTF_8));
        headers.put("ce_type", "io.facestream.camera-frame.v1".getBytes(UTF_8));
        headers.put(header, value);
        return record("lobby", headers);
    }

    private static RejectedException rejection(ConsumerRecord<byte[], byte[]> record) {
        return catchThrowableOfType(RejectedException.class, () -> CameraFrame.of(record));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0001-01-01T00:00:00Z",
                "9999-12-31T23:59:59.999999999Z",
                "2026-05-04T11:30:00.125+02:00",
                "1970-01-01T00:00:00Z"
            })
    void timesOfFourDigitYearsCanBeWrittenAndRead(String time) throws Exception {
        CameraFrame frame = CameraFrame.of(event("ce_time", time.getBytes(UTF_8)));

        assertThat(Json.read(Json.write(frame.capturedAt()), Instant.class)).isEqualTo(frame.capturedAt());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+999999999-12-31T23:59:59.999999999-18:00",
                "-999999999-01-01T00:00:00+18:00",
                "+10000-01-01T00:00:00Z",
                "0000-12-31T23:59:59Z",
                "9999-12-31T23:59:59-10:00",
                "0001-01-01T00:00:00+10:00",
                "-0001-01-01T00:00:00Z"
            })
    void otherTimesAreRejectedByTheHeadersName(String time) {
        RejectedException rejection = rejection(event("ce_time", time.getBytes(UTF_8)));

        assertThat(rejection).isNotNull().hasMessageContaining("time");
        assertThat(rejection.reason()).isEqualTo(RejectReason.BAD_HEADER);
    }

    @ParameterizedTest
    @CsvSource({"ce_id", "ce_source", "ce_subject", "ce_type", "ce_extension"})
    void headersThatAreNotTextAreRejectedByName(String header) {
        RejectedException notUtf8 = rejection(event(header, new byte[] {'a', (byte) 0xc3, 0x28}));
        RejectedException control = rejection(event(header, "a\u0007b".getBytes(UTF_8)));
        RejectedException lineFeed = rejection(event(header, "a\n".getBytes(UTF_8)));

        assertThat(notUtf8).isNotNull().hasMessage(header + " is not UTF-8");
        assertThat(control).isNotNull().hasMessage(header + " has a control character, U+0007, at position 2");
        assertThat(lineFeed).isNotNull().hasMessageContaining("U+000A");
        assertThat(lineFeed.reason()).isEqualTo(RejectReason.BAD_HEADER);
    }

    @Test
    void aCameraGoesByOneFormOfItsName() throws Exception {
        assertThat(CameraFrame.of(record("Cafe\u0301\u00a0 1 ", Map.of())).camera())
                .isEqualTo("Caf\u00e9 1");
    }

    @Test
    void aCameraWhoseNameCannotBeSeenIsRejectedByTheCharacter() {
        RejectedException rejection = rejection(record("lob\u200bby", Map.of()));

        assertThat(rejection).isNotNull().hasMessageContaining("U+200B ZERO WIDTH SPACE at position 4");
        assertThat(rejection.reason()).isEqualTo(RejectReason.NO_CAMERA);
        assertThat(rejection(record("\u00a0", Map.of())).reason()).isEqualTo(RejectReason.NO_CAMERA);
        assertThat(rejection(record("\u00e9".repeat(129), Map.of()))).hasMessageContaining("256 bytes");
    }

    @Test
    void aPublisherCanSayThatAFrameIsDamaged() throws Exception {
        assertThat(CameraFrame.of(event("facestream_damaged", "1".getBytes(ISO_8859_1)))
                        .damaged())
                .isTrue();
        assertThat(CameraFrame.of(record("lobby", Map.of("facestream_damaged", "1".getBytes(UTF_8))))
                        .damaged())
                .isTrue();
        assertThat(CameraFrame.of(event("facestream_damaged", "0".getBytes(UTF_8)))
                        .damaged())
                .isFalse();
        assertThat(CameraFrame.of(record("lobby", Map.of())).damaged()).isFalse();
    }
}
