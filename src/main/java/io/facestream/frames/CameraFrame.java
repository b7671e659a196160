package io.facestream.frames;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cloudevents.CloudEvent;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.PlainName;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A frame as it came from {@code camera-frames}, not yet decoded.
 *
 * @param camera the camera's name: the record's key, else {@code ce_subject}, as a {@link PlainName}
 * @param id unique per source: {@code ce_id}, or the record's place for a plain record
 * @param source {@code ce_source}, or {@code /cameras/<camera>} for a plain record
 * @param capturedAt {@code ce_time}, or when the broker appended the record
 * @param appendedAt when the broker appended the record
 * @param pointer the place of the record
 * @param image the encoded picture
 * @param damaged whether the publisher reports lost parts, by the header {@code facestream_damaged}
 */
public record CameraFrame(
        String camera,
        String id,
        URI source,
        Instant capturedAt,
        Instant appendedAt,
        RecordPointer pointer,
        byte[] image,
        boolean damaged) {

    /** Header beside the CloudEvent's. The value 1 means that the frame was decoded from video with missing parts. */
    public static final String DAMAGED_HEADER = "facestream_damaged";

    /** RFC 3339 has years of four digits, which every reader of the events' JSON accepts. */
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    /** Camera names appear in ids, headers and file names. A longer name is a mistake. */
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
        boolean damaged = isDamaged(record);
        if (event.isEmpty()) {
            return new CameraFrame(
                    camera,
                    pointer.toString(),
                    cameraSource(camera),
                    appendedAt,
                    appendedAt,
                    pointer,
                    record.value(),
                    damaged);
        }
        CloudEvent attributes = event.get();
        if (attributes.getId().length() > MAX_ATTRIBUTE_CHARACTERS
                || attributes.getSource().toString().length() > MAX_ATTRIBUTE_CHARACTERS) {
            throw new RejectedException(
                    RejectReason.BAD_HEADER,
                    "ce_id and ce_source have at most " + MAX_ATTRIBUTE_CHARACTERS + " characters");
        }
        Instant capturedAt = attributes.getTime() == null ? appendedAt : capturedAt(attributes.getTime());
        return new CameraFrame(
                camera,
                attributes.getId(),
                attributes.getSource(),
                capturedAt,
                appendedAt,
                pointer,
                record.value(),
                damaged);
    }

    private static boolean isDamaged(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(DAMAGED_HEADER);
        return header != null && header.value() != null && new String(header.value(), UTF_8).equals("1");
    }

    private static Instant capturedAt(OffsetDateTime time) throws RejectedException {
        Instant instant = time.toInstant();
        if (instant.isBefore(EARLIEST) || instant.isAfter(LATEST)) {
            throw new RejectedException(
                    RejectReason.BAD_HEADER,
                    "ce_time must be within the years 0001 to 9999 in UTC (RFC 3339), not " + time);
        }
        return instant;
    }

    /** Whether the producer set the id. Otherwise it is the record's place. */
    public boolean hasIdOfProducer() {
        return !id.equals(pointer.toString());
    }

    /** The {@code ce_source} of a camera whose producer sets none: {@code /cameras/<camera>}, percent-encoded. */
    public static URI cameraSource(String camera) {
        try {
            return new URI(new URI(null, null, "/cameras/" + camera, null).toASCIIString());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("not a valid camera name: " + camera, e);
        }
    }

    /**
     * The form in which a camera's name is stored and compared.
     *
     * @throws IllegalArgumentException if it is not a valid {@link PlainName}, or longer than 256 bytes of UTF-8
     */
    public static String cameraName(String raw) {
        String name = PlainName.of(raw);
        if (name.getBytes(UTF_8).length > MAX_CAMERA_BYTES) {
            throw new IllegalArgumentException("a camera's name has at most " + MAX_CAMERA_BYTES + " bytes of UTF-8");
        }
        return name;
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
        try {
            return cameraName(camera);
        } catch (IllegalArgumentException e) {
            throw new RejectedException(RejectReason.NO_CAMERA, "not a valid camera name: " + e.getMessage(), e);
        }
    }
}
