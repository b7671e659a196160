package io.facestream.cameras;

import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.RateLimit;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicAdmin;
import io.facestream.messaging.TopicsConfig;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Reads partitions of {@code cameras}: each from its beginning to the end that it had, before anything of it is told,
 * and from then on record by record. What was overwritten or taken away later in the log is never told.
 */
final class DefinitionsTopic {
    private static final Logger LOG = Logger.getLogger(DefinitionsTopic.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final RateLimit WARNINGS = new RateLimit(Duration.ofSeconds(10));

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Listener listener;
    private final Fleet fleet;
    private final Map<TopicPartition, Map<String, CamerasTopic.Entry>> reading = new HashMap<>();
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final Set<TopicPartition> complete = new HashSet<>();

    /** Hears of definitions in the reading thread. */
    interface Listener {
        /** A partition was read to its end. */
        void complete(TopicPartition partition, Collection<CamerasTopic.Entry> entries);

        /** A complete partition has a new record. */
        void changed(TopicPartition partition, CamerasTopic.Entry entry);
    }

    DefinitionsTopic(KafkaConsumer<byte[], byte[]> consumer, Listener listener, Fleet fleet) {
        this.consumer = consumer;
        this.listener = listener;
        this.fleet = fleet;
    }

    /** Makes the topics that cameras need, where they are missing. */
    static void ensure(KafkaConnection connection, TopicsConfig topics) {
        TopicAdmin.ensure(connection, topics, List.of(Topic.CAMERAS, Topic.CAMERA_FRAMES, Topic.CAMERA_STATES));
    }

    /** A consumer that reads from the beginning, and tells soon that the broker does not answer. */
    static KafkaConsumer<byte[], byte[]> consumer(KafkaConnection connection, Map<String, Object> membership) {
        Map<String, Object> settings = new HashMap<>(membership);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 15_000);
        settings.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);
        return connection.consumer(settings);
    }

    static String name() {
        return Topic.CAMERAS.topicName();
    }

    /** Begins to read assigned partitions, from their beginning. */
    void begin(Collection<TopicPartition> partitions) {
        consumer.seekToBeginning(partitions);
        partitions.forEach(partition -> {
            complete.remove(partition);
            ends.remove(partition);
            reading.put(partition, new TreeMap<>());
        });
    }

    /** Forgets partitions that are assigned no longer. */
    void end(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> {
            complete.remove(partition);
            ends.remove(partition);
            reading.remove(partition);
        });
    }

    /** Whether every partition was read to its end. */
    boolean isComplete() {
        return reading.isEmpty();
    }

    /** Reads what has come, and tells it. */
    void poll() {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            take(record);
        }
        Set<TopicPartition> unknown = new HashSet<>(reading.keySet());
        unknown.removeAll(ends.keySet());
        if (!unknown.isEmpty()) {
            ends.putAll(consumer.endOffsets(unknown));
        }
        for (TopicPartition partition : Set.copyOf(reading.keySet())) {
            if (consumer.position(partition) >= ends.get(partition)) {
                complete.add(partition);
                ends.remove(partition);
                listener.complete(partition, reading.remove(partition).values());
            }
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        CamerasTopic.Entry entry;
        try {
            entry = CamerasTopic.read(record);
        } catch (RejectedException e) {
            fleet.unreadable();
            if (WARNINGS.permits()) {
                LOG.warnf("%s@%d is not used: %s", partition, record.offset(), e.getMessage());
            }
            return;
        }
        if (complete.contains(partition)) {
            listener.changed(partition, entry);
        } else if (reading.containsKey(partition)) {
            if (entry.isGone()) {
                reading.get(partition).remove(entry.camera());
            } else {
                reading.get(partition).put(entry.camera(), entry);
            }
        }
    }
}
