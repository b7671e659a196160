package io.facestream.cameras.states;

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
import io.facestream.messaging.TopicAdmin;
import io.facestream.messaging.TopicsConfig;
import io.facestream.messaging.WholeTopic;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Records of the compacted topic {@code camera-states}. */
public final class CameraStatesTopic {
    private static final URI SOURCE = URI.create("/facestream/cameras");

    private CameraStatesTopic() {}

    /**
     * What a record says.
     *
     * @param state null if the camera was taken away
     * @param heard when it came to the broker
     */
    public record Entry(String camera, CameraReport state, Instant heard) {
        /** A camera of which nothing was heard for so long is filmed by nobody: states come every two minutes. */
        private static final Duration SILENCE = Duration.ofMinutes(5);

        /** Whether a process still says that it films it, or that it is not to be filmed. */
        public boolean isAttended(Instant now) {
            return !isStopped() && heard.isAfter(now.minus(SILENCE));
        }

        /** Since when nobody films it; of use where it is not attended. */
        public Instant leftAt() {
            return isStopped() ? state.since() : heard;
        }

        private boolean isStopped() {
            return state.state() == CameraReport.State.STOPPED;
        }
    }

    /** Makes the topic, where it is missing. */
    public static void ensure(KafkaConnection connection, TopicsConfig topics) {
        TopicAdmin.ensure(connection, topics, List.of(Topic.CAMERA_STATES));
    }

    static ProducerRecord<byte[], byte[]> record(String camera, CameraReport state) {
        CloudEvent event = CloudEventBuilder.v1()
                .withId(UUID.randomUUID().toString())
                .withSource(SOURCE)
                .withType(CameraReport.TYPE)
                .withSubject(camera)
                .withTime(OffsetDateTime.now(ZoneOffset.UTC))
                .withData("application/json", Json.write(state))
                .build();
        return CloudEventRecords.write(Topic.CAMERA_STATES, null, camera.getBytes(UTF_8), event);
    }

    static ProducerRecord<byte[], byte[]> tombstone(String camera) {
        return new ProducerRecord<>(Topic.CAMERA_STATES.topicName(), camera.getBytes(UTF_8), null);
    }

    /** @throws RejectedException if it is no state of a camera */
    public static Entry read(ConsumerRecord<byte[], byte[]> record) throws RejectedException {
        String camera = camera(record.key());
        CameraReport state = record.value() == null ? null : Json.read(record.value(), CameraReport.class);
        return new Entry(camera, state, Instant.ofEpochMilli(record.timestamp()));
    }

    private static String camera(byte[] key) throws RejectedException {
        try {
            return CameraFrame.cameraName(key == null ? "" : new String(key, UTF_8));
        } catch (IllegalArgumentException e) {
            throw new RejectedException(RejectReason.NO_CAMERA, "the key is not a camera's name", e);
        }
    }

    /**
     * What is known now, by the cameras' names. Unreadable records are left out.
     *
     * @throws IllegalStateException if the broker does not deliver them in time
     */
    public static Map<String, Entry> all(KafkaConnection connection, Duration atMost) {
        Map<String, Entry> found = new TreeMap<>();
        WholeTopic.read(connection, Topic.CAMERA_STATES, atMost, record -> take(record, found));
        return found;
    }

    private static void take(ConsumerRecord<byte[], byte[]> record, Map<String, Entry> into) {
        try {
            Entry entry = read(record);
            if (entry.state() == null) {
                into.remove(entry.camera());
            } else {
                into.put(entry.camera(), entry);
            }
        } catch (RejectedException e) {
            // It says nothing of any camera.
        }
    }
}
