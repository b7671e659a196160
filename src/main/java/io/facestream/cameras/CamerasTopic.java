package io.facestream.cameras;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.facestream.frames.CameraFrame;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Topic;
import io.facestream.messaging.WholeTopic;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Records of the compacted topic {@code cameras}: key is the camera's name, value its definition or null. */
public final class CamerasTopic {
    private static final URI SOURCE = URI.create("/facestream/cameras");

    private CamerasTopic() {}

    /**
     * What a record says about a camera.
     *
     * @param definition null if the camera was taken away, or its definition is unusable
     * @param fault why the definition is unusable; null if it is not
     */
    public record Entry(String camera, CameraDefinition definition, String fault) {
        /** The end of a camera. */
        static Entry gone(String camera) {
            return new Entry(camera, null, null);
        }

        /** Whether the camera was taken away. */
        public boolean isGone() {
            return definition == null && fault == null;
        }
    }

    /** The record that makes a camera film so. */
    public static ProducerRecord<byte[], byte[]> record(String camera, CameraDefinition definition) {
        CloudEvent event = CloudEventBuilder.v1()
                .withId(UUID.randomUUID().toString())
                .withSource(SOURCE)
                .withType(CameraDefinition.TYPE)
                .withSubject(camera)
                .withData("application/json", Json.write(definition))
                .build();
        return CloudEventRecords.write(Topic.CAMERAS, null, camera.getBytes(UTF_8), event);
    }

    /** The record that takes a camera away. */
    public static ProducerRecord<byte[], byte[]> tombstone(String camera) {
        return new ProducerRecord<>(Topic.CAMERAS.topicName(), camera.getBytes(UTF_8), null);
    }

    /**
     * Reads a record. An unusable definition is an entry with a fault: its camera films nothing, and says why.
     *
     * @throws RejectedException if the key is not a camera's name
     */
    public static Entry read(ConsumerRecord<byte[], byte[]> record) throws RejectedException {
        String camera = camera(record.key());
        if (record.value() == null) {
            return Entry.gone(camera);
        }
        if (record.value().length == 0) {
            return new Entry(camera, null, "the definition has 0 bytes");
        }
        try {
            return new Entry(camera, Json.read(record.value(), CameraDefinition.class), null);
        } catch (RejectedException e) {
            return new Entry(camera, null, fault(e));
        }
    }

    private static String fault(RejectedException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof IllegalArgumentException wrong) {
                return ShownText.of(wrong.getMessage());
            }
        }
        // Jackson's own message quotes its input, which may hold a password.
        return "the definition is not JSON as schemas/camera.json says";
    }

    private static String camera(byte[] key) throws RejectedException {
        if (key == null || key.length == 0) {
            throw new RejectedException(RejectReason.NO_CAMERA, "a record without a key");
        }
        try {
            return CameraFrame.cameraName(
                    UTF_8.newDecoder().decode(ByteBuffer.wrap(key)).toString());
        } catch (CharacterCodingException | IllegalArgumentException e) {
            throw new RejectedException(RejectReason.NO_CAMERA, "the key is not a camera's name", e);
        }
    }

    /**
     * The cameras that the topic holds now, by name. Records whose key is not a camera's name are left out.
     *
     * @throws IllegalStateException if the broker does not deliver them in time
     */
    public static Map<String, Entry> all(KafkaConnection connection, Duration atMost) {
        Map<String, Entry> found = new TreeMap<>();
        WholeTopic.read(connection, Topic.CAMERAS, atMost, record -> take(record, found));
        return found;
    }

    private static void take(ConsumerRecord<byte[], byte[]> record, Map<String, Entry> into) {
        readable(record).ifPresent(entry -> {
            if (entry.isGone()) {
                into.remove(entry.camera());
            } else {
                into.put(entry.camera(), entry);
            }
        });
    }

    private static Optional<Entry> readable(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.of(read(record));
        } catch (RejectedException e) {
            return Optional.empty();
        }
    }
}
