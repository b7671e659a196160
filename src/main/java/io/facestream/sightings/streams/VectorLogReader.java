package io.facestream.sightings.streams;

import io.facestream.messaging.KafkaConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads the first record of {@code face-embeddings} that tells its frame. */
final class VectorLogReader implements VectorLog {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final KafkaConnection connection;
    private final InputReader reader = new InputReader(Input.Side.VECTORS);

    VectorLogReader(KafkaConnection connection) {
        this.connection = connection;
    }

    @Override
    public OptionalLong firstFrame(int partition) {
        TopicPartition vectors = new TopicPartition(SightingsTopic.VECTORS, partition);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        // Retention may remove the beginning while it is read.
        Map<String, Object> settings = Map.of("max.poll.records", "100", "auto.offset.reset", "earliest");
        try (KafkaConsumer<byte[], byte[]> consumer = connection.consumer(settings)) {
            consumer.assign(List.of(vectors));
            consumer.seekToBeginning(List.of(vectors));
            long end = consumer.endOffsets(List.of(vectors), PATIENCE).get(vectors);
            while (consumer.position(vectors, PATIENCE) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    Input input = reader.deserialize(record.topic(), record.headers(), record.value());
                    if (input instanceof Input.FaceVector face) {
                        return OptionalLong.of(face.frame().pointer().offset());
                    }
                    if (input instanceof Input.Mark mark) {
                        return OptionalLong.of(mark.frame().pointer().offset());
                    }
                }
                if (System.nanoTime() > deadline) {
                    throw new TimeoutException(
                            "the beginning of " + vectors + " was not read within " + PATIENCE.toSeconds() + " s");
                }
            }
            return OptionalLong.empty();
        }
    }
}
