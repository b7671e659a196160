package io.facestream.frames;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Topic;
import java.time.Instant;
import java.time.ZoneOffset;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Records of camera-frames, as cameras and {@code publish} write them. */
public final class FrameTopic {
    /** Room for the attributes and the record's own fields beside the picture. */
    private static final int HEADER_BYTES = 64 << 10;

    /** The largest picture that fits into a record, in bytes. */
    public static final int MAX_PICTURE_BYTES = Topic.CAMERA_FRAMES.maxMessageBytes() - HEADER_BYTES;

    /** The header that says why a motion gate let a frame pass: {@code open}, {@code keep-alive} or {@code none}. */
    public static final String GATE_HEADER = "gate";

    private FrameTopic() {}

    /**
     * A record of camera-frames.
     *
     * @param id unique for the camera
     * @param image JPEG, PNG or WebP bytes
     * @param damaged whether the picture is damaged, which its own header marks
     */
    public static ProducerRecord<byte[], byte[]> record(
            String camera, String id, Instant capturedAt, byte[] image, boolean damaged) {
        CloudEvent event = CloudEventBuilder.v1()
                .withId(id)
                .withSource(CameraFrame.cameraSource(camera))
                .withType(CloudEventRecords.type("camera-frame"))
                .withSubject(camera)
                .withTime(capturedAt.atOffset(ZoneOffset.UTC))
                .withData(contentType(image), image)
                .build();
        ProducerRecord<byte[], byte[]> record =
                CloudEventRecords.write(Topic.CAMERA_FRAMES, null, camera.getBytes(UTF_8), event);
        if (damaged) {
            record.headers().add(CameraFrame.DAMAGED_HEADER, "1".getBytes(UTF_8));
        }
        return record;
    }

    /** The media type of a picture, by its first byte. */
    public static String contentType(byte[] image) {
        if (image.length > 0 && image[0] == (byte) 0x89) {
            return "image/png";
        }
        return image.length > 0 && image[0] == 'R' ? "image/webp" : "image/jpeg";
    }
}
