package io.facestream.frames;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cloudevents.CloudEvent;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A frame as it came from {@code camera-frames}, not yet decoded.
 *
 * @param camera which camera: the record's key, else {@code ce_subject}
 * @param id unique per source: {@code ce_id}, or the record's place for a plain record
 * @param source {@code ce_source}, or {@code /cameras/<camera>} for a plain record
 * @param capturedAt {@code ce_time}, or when the broker appended the record
 * @param appendedAt when the broker appended the record
 * @param pointer where the record lies
 * @param image the encoded picture
 */
public record CameraFrame(
        String camera,
        String id,
        URI source,
        Instant capturedAt,
        Instant appendedAt,
        RecordPointer pointer,
        byte[] image) {

    /** Camera names go into ids, headers and file names; longer ones are a mistake. */
    private static final int MAX_CAMERA_BYTES = 256;

    /** Ids and sources are repeated in every event of the frame. */
    private static final int MAX_ATTRIBUTE_CHARACTERS = 1_024;

    /** @throws RejectedException if headers are broken, no camera is named, or there is no value */
    public static CameraFrame of(ConsumerRecord<byte[], byte[]> record) throws RejectedException {
        RecordPointer pointer = RecordPointer.to(record);
        Instant appendedAt = Instant.ofEpochMilli(record.timestamp());
        Optional<CloudEvent> event = CloudEventRecords.read(record);
        String camera = camera(record.key(), event.map(CloudEvent::getSubject).orElse(null));
        if (record.value() == null || record.value().length == 0) {
            throw new RejectedException(
                    RejectReason.EMPTY, record.value() == null ? "the value is null" : "the value has 0 bytes");
        }
        if (event.isEmpty()) {
            return new CameraFrame(
                    camera, pointer.toString(), cameraSource(camera), appendedAt, appendedAt, pointer, record.value());
        }
        CloudEvent attributes = event.get();
        if (attributes.getId().length() > MAX_ATTRIBUTE_CHARACTERS
                || attributes.getSource().toString().length() > MAX_ATTRIBUTE_CHARACTERS) {
            throw new RejectedException(
                    RejectReason.BAD_HEADER,
                    "ce_id and ce_source have at most " + MAX_ATTRIBUTE_CHARACTERS + " characters");
        }
        Instant capturedAt =
                attributes.getTime() == null ? appendedAt : attributes.getTime().toInstant();
        return new CameraFrame(
                camera, attributes.getId(), attributes.getSource(), capturedAt, appendedAt, pointer, record.value());
    }

    /** The {@code ce_source} of a camera whose producer names none: {@code /cameras/<camera>}, percent-encoded. */
    public static URI cameraSource(String camera) {
        try {
            return new URI(new URI(null, null, "/cameras/" + camera, null).toASCIIString());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("no camera's name: " + camera, e);
        }
    }

    /** Whether a camera can be called that: not blank, at most 256 bytes of UTF-8, no control characters. */
    public static boolean isCameraName(String name) {
        return !name.isBlank()
                && name.getBytes(UTF_8).length <= MAX_CAMERA_BYTES
                && name.chars().noneMatch(Character::isISOControl);
    }

    private static String camera(byte[] key, String subject) throws RejectedException {
        String camera;
        try {
            camera = key == null || key.length == 0
                    ? subject
                    : UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString();
        } catch (CharacterCodingException e) {
            throw new RejectedException(RejectReason.NO_CAMERA, "the key is not UTF-8", e);
        }
        if (camera == null || camera.isBlank()) {
            throw new RejectedException(
                    RejectReason.NO_CAMERA, "neither the record's key nor ce_subject names a camera");
        }
        if (!isCameraName(camera)) {
            throw new RejectedException(
                    RejectReason.NO_CAMERA,
                    "a camera's name has at most " + MAX_CAMERA_BYTES + " bytes of UTF-8 and no control characters");
        }
        return camera;
    }
}
