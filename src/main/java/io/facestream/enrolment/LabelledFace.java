package io.facestream.enrolment;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cloudevents.CloudEvent;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.PlainName;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.RejectedException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A photo of a named person from {@code labelled-faces}, not yet decoded.
 *
 * @param name of the person, a {@link PlainName}: the record's key, else {@code ce_subject}
 * @param id the publisher's {@code ce_id}, or the record's place for a plain record
 * @param appendedAt when the broker appended the record
 * @param pointer the place of the record
 * @param photo the encoded picture, possibly empty
 * @param accept the objections that the publisher overrides
 */
public record LabelledFace(
        String name, String id, Instant appendedAt, RecordPointer pointer, byte[] photo, Set<Acceptance> accept) {
    /** The answer repeats the id, so its length is limited. */
    private static final int MAX_ID_CHARACTERS = 1_024;

    /** @throws EnrolmentRejection if headers are broken or no person is named */
    public static LabelledFace of(ConsumerRecord<byte[], byte[]> record) throws EnrolmentRejection {
        RecordPointer pointer = RecordPointer.to(record);
        Optional<CloudEvent> event;
        try {
            event = CloudEventRecords.read(record);
        } catch (RejectedException e) {
            throw new EnrolmentRejection(EnrolmentReason.BAD_HEADER, e.getMessage());
        }
        String name = name(record.key(), event.map(CloudEvent::getSubject).orElse(null));
        String id = event.map(CloudEvent::getId).orElse(pointer.toString());
        if (id.length() > MAX_ID_CHARACTERS) {
            throw new EnrolmentRejection(
                    EnrolmentReason.BAD_HEADER, "ce_id must have at most " + MAX_ID_CHARACTERS + " characters");
        }
        return new LabelledFace(
                name,
                id,
                Instant.ofEpochMilli(record.timestamp()),
                pointer,
                record.value() == null ? new byte[0] : record.value(),
                Acceptance.of(record.headers()));
    }

    private static String name(byte[] key, String subject) throws EnrolmentRejection {
        String name;
        try {
            name = key == null || key.length == 0
                    ? subject
                    : UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString();
        } catch (CharacterCodingException e) {
            throw new EnrolmentRejection(EnrolmentReason.NO_NAME, "the key is not UTF-8");
        }
        if (name == null || name.isBlank()) {
            throw new EnrolmentRejection(
                    EnrolmentReason.NO_NAME, "neither the record's key nor ce_subject names a person");
        }
        try {
            return PlainName.of(name);
        } catch (IllegalArgumentException e) {
            throw new EnrolmentRejection(EnrolmentReason.NO_NAME, e.getMessage());
        }
    }
}
