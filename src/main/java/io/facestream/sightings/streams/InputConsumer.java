package io.facestream.sightings.streams;

import io.facestream.messaging.Heartbeats;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The consumer of a thread of Kafka Streams, which also tells how far it has got. Kafka Streams does not tell the end
 * of its input: its lag refers to the last fetch, and its offsets do not count the marks that transactions leave at the
 * end of a partition.
 */
final class InputConsumer extends KafkaConsumer<byte[], byte[]> implements InputEnd {
    /** As the stages have it, see {@code StageTimeouts}. */
    static final Duration SESSION = Duration.ofSeconds(10);

    private static final Duration ANSWER = Duration.ofSeconds(1);

    /** Offset of the last record that was handed to Kafka Streams. */
    private final Map<TopicPartition, Long> handedOver = new HashMap<>();

    private final Map<TopicPartition, Long> processed = new HashMap<>();
    private final Map<TopicPartition, Long> done = new ConcurrentHashMap<>();
    private volatile boolean begun;
    private volatile long lastGoodStep = System.nanoTime();

    private final Consumer<InputConsumer> polled;
    private final Heartbeats heartbeats;

    /** @param polled is called at each poll, on the thread that uses this consumer */
    InputConsumer(Map<String, Object> settings, Consumer<InputConsumer> polled) {
        super(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.polled = polled;
        this.heartbeats = new Heartbeats(this, SESSION);
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        polled.accept(this);
        ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
        Set<TopicPartition> assigned = assignment();
        handedOver.keySet().retainAll(assigned);
        processed.keySet().retainAll(assigned);
        done.keySet().retainAll(assigned);
        for (TopicPartition partition : records.partitions()) {
            var ofPartition = records.records(partition);
            long first = ofPartition.get(0).offset();
            ConsumerRecord<byte[], byte[]> last = ofPartition.get(ofPartition.size() - 1);
            handedOver.put(partition, last.offset());
            // After an aborted transaction records come again.
            processed.computeIfPresent(partition, (same, offset) -> Math.min(offset, first - 1));
        }
        for (TopicPartition partition : assigned) {
            Long offset = next(partition);
            if (offset != null) {
                done.put(partition, offset);
            }
        }
        begun = begun || !assigned.isEmpty() || groupMetadata().generationId() >= 0;
        if (heartbeats.isInTouch()) {
            lastGoodStep = System.nanoTime();
        }
        return records;
    }

    /** The offset up to which everything has been processed; null if it is not known yet. */
    private Long next(TopicPartition partition) {
        Long last = handedOver.get(partition);
        Long own = processed.get(partition);
        if (last != null && (own == null || own < last)) {
            return own == null ? null : own + 1;
        }
        try {
            return position(partition, Duration.ZERO);
        } catch (KafkaException | IllegalStateException e) {
            return null; // no position yet, or not assigned any more
        }
    }

    @Override
    public void processed(TopicPartition partition, long offset) {
        processed.put(partition, offset);
    }

    @Override
    public boolean isReached(int partition) {
        Set<TopicPartition> both = Set.of(
                new TopicPartition(SightingsTopic.VECTORS, partition),
                new TopicPartition(SightingsTopic.EVENTS, partition));
        if (!assignment().containsAll(both)) {
            return false;
        }
        try {
            Map<TopicPartition, Long> ends = endOffsets(both, ANSWER);
            for (TopicPartition each : both) {
                Long next = next(each);
                if (next == null || next < ends.get(each)) {
                    return false;
                }
            }
            return true;
        } catch (KafkaException e) {
            return false; // nobody can tell
        }
    }

    /** The next offset of each partition of this thread. */
    Map<TopicPartition, Long> done() {
        return Map.copyOf(done);
    }

    /** Whether it has joined its group. */
    boolean hasBegun() {
        return begun;
    }

    Duration sinceLastGoodStep() {
        return Duration.ofNanos(System.nanoTime() - lastGoodStep);
    }
}
