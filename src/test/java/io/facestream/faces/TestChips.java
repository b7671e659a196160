package io.facestream.faces;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cloudevents.core.builder.CloudEventBuilder;
import io.facestream.detection.DetectionConfig;
import io.facestream.detection.FaceDetectors;
import io.facestream.frames.Picture;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Topic;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Chips of photos as detection makes them, and their records. */
public final class TestChips {
    private TestChips() {}

    /** The chip of a photo that shows one face. */
    public static byte[] of(byte[] photo) {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withMapping(DetectionConfig.class)
                .withMapping(PictureBounds.class)
                .build();
        try (FaceDetectors detectors = FaceDetectors.load(config.getConfigMapping(DetectionConfig.class));
                Picture picture = new PictureDecoder(config.getConfigMapping(PictureBounds.class)).decode(photo);
                FaceView view =
                        new FaceFinder(detectors.detector()).find(picture).get(0)) {
            return ChipPng.encode(view.chip());
        } catch (RejectedException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** A face of the camera lobby. */
    public static ProducerRecord<byte[], byte[]> record(int partition, String eventId, byte[] chip) {
        return record(partition, eventId, Face.DETECTED_TYPE, chip);
    }

    public static ProducerRecord<byte[], byte[]> record(int partition, String eventId, String type, byte[] data) {
        return CloudEventRecords.write(
                Topic.DETECTED_FACES,
                partition,
                "lobby".getBytes(UTF_8),
                CloudEventBuilder.v1()
                        .withId(eventId)
                        .withSource(URI.create("/cameras/lobby"))
                        .withType(type)
                        .withData("image/png", data)
                        .build());
    }
}
