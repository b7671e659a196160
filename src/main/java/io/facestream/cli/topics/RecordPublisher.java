package io.facestream.cli.topics;

import io.facestream.cameras.CameraDefinition;
import io.facestream.cameras.CamerasTopic;
import io.facestream.configuration.Settings;
import io.facestream.curation.CommandsTopic;
import io.facestream.enrolment.PhotosTopic;
import io.facestream.frames.FrameTopic;
import io.facestream.messaging.Topic;
import io.facestream.training.TrainingTopic;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Publishes a camera's frames, photos of people, commands of training and of the gallery, and who films. A record that
 * fails to arrive makes the next call fail.
 */
public final class RecordPublisher implements AutoCloseable {
    /** Prefers a clear error to minutes of silence. */
    private static final int MAX_BLOCK_MILLIS = 15_000;

    private static final int DELIVERY_MILLIS = 30_000;

    /** Room for the attributes and the record's own fields beside the picture. */
    private static final int HEADER_BYTES = 64 << 10;

    private static final URI TRAINER = URI.create("/facestream/train");

    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    public RecordPublisher(Settings settings, Topic topic) {
        TopicFollower.ensure(settings, List.of(topic));
        producer = settings.kafka()
                .producer(Map.of(
                        "enable.idempotence",
                        true,
                        "max.block.ms",
                        MAX_BLOCK_MILLIS,
                        "delivery.timeout.ms",
                        DELIVERY_MILLIS,
                        "linger.ms",
                        0));
    }

    /** The largest picture that fits into a record of the topic. */
    public static int maxPictureBytes(Topic topic) {
        return topic.maxMessageBytes() - HEADER_BYTES;
    }

    /** @param id unique for the camera */
    public void frame(String camera, String id, Instant capturedAt, byte[] image) {
        send(FrameTopic.record(camera, id, capturedAt, image, false));
    }

    /**
     * Publishes a photo of a person.
     *
     * @param id identifies the answer
     * @param accept reasons to ignore when enrolling; empty for none
     */
    public void labelledFace(String name, String id, byte[] photo, String accept) {
        send(PhotosTopic.record(name, id, photo, accept));
    }

    public void trainingCommand(UUID id, byte[] command) {
        send(TrainingTopic.record(id, command, TRAINER));
    }

    /** Asks in the name of the user of this process. */
    public void galleryCommand(UUID id, byte[] command) {
        send(CommandsTopic.record(id, command, System.getProperty("user.name")));
    }

    /** Writes who films as that camera, instead of what was written before. */
    public void camera(String camera, CameraDefinition definition) {
        send(CamerasTopic.record(camera, definition));
    }

    /** Takes a camera away. */
    public void withoutCamera(String camera) {
        send(CamerasTopic.tombstone(camera));
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        check();
        producer.send(record, (metadata, thrown) -> failure.compareAndSet(null, thrown));
    }

    /** Waits until everything has arrived. */
    public void flush() {
        producer.flush();
        check();
    }

    private void check() {
        Exception failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("a record did not arrive", failed);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
