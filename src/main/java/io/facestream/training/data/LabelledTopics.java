package io.facestream.training.data;

import io.facestream.messaging.KafkaConnection;
import io.facestream.training.commands.FineTune;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads topics of labelled faces without a group: a range of offsets, which gives the same records whenever it is read.
 */
public class LabelledTopics {
    private static final Duration POLL = Duration.ofSeconds(1);

    /** A broker that is silent for so long counts as an outage; the read is tried again. */
    private static final Duration SILENCE = Duration.ofSeconds(60);

    private static final Map<String, Object> SETTINGS = Map.of(
            "auto.offset.reset",
            "earliest",
            "max.poll.records",
            50,
            "max.partition.fetch.bytes",
            8 << 20,
            "default.api.timeout.ms",
            10_000,
            "request.timeout.ms",
            10_000);

    private final KafkaConnection connection;

    public LabelledTopics(KafkaConnection connection) {
        this.connection = connection;
    }

    /** Processes a record. */
    interface Reader {
        void read(ConsumerRecord<byte[], byte[]> photo) throws IOException, SQLException;
    }

    /**
     * Where topics end now, by topic and partition.
     *
     * @throws IllegalArgumentException if one of them does not exist
     * @throws TimeoutException if the broker does not answer within 10 s
     */
    public Map<String, Map<Integer, Long>> ends(List<String> topics) {
        Map<String, Map<Integer, Long>> ends = new TreeMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer = connection.consumer(SETTINGS)) {
            Map<String, List<PartitionInfo>> known = consumer.listTopics();
            for (String topic : topics) {
                if (!known.containsKey(topic)) {
                    throw new IllegalArgumentException("there is no topic " + topic);
                }
                List<TopicPartition> partitions = known.get(topic).stream()
                        .map(partition -> new TopicPartition(topic, partition.partition()))
                        .toList();
                Map<Integer, Long> ofTopic = new TreeMap<>();
                // without this the client warns for each partition that it is not assigned
                consumer.assign(partitions);
                consumer.endOffsets(partitions).forEach((partition, end) -> ofTopic.put(partition.partition(), end));
                ends.put(topic, ofTopic);
            }
        }
        return ends;
    }

    /**
     * Reads a command's records, partition by partition, in the same order each time.
     *
     * @param ends where to stop
     * @throws TimeoutException if the broker does not answer; the caller should try again
     * @throws IOException if the reader fails
     * @throws SQLException if the reader's database fails
     */
    void read(FineTune command, Map<String, Map<Integer, Long>> ends, Reader reader) throws IOException, SQLException {
        try (KafkaConsumer<byte[], byte[]> consumer = connection.consumer(SETTINGS)) {
            for (Map.Entry<String, Map<Integer, Long>> topic : new TreeMap<>(ends).entrySet()) {
                for (Map.Entry<Integer, Long> end : new TreeMap<>(topic.getValue()).entrySet()) {
                    TopicPartition partition = new TopicPartition(topic.getKey(), end.getKey());
                    consumer.assign(List.of(partition));
                    consumer.seek(partition, start(consumer, command, partition));
                    read(consumer, partition, end.getValue(), reader);
                }
            }
        }
    }

    private static void read(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, long end, Reader reader)
            throws IOException, SQLException {
        long heard = System.nanoTime();
        // A position also moves past records that are never delivered: aborted ones, and transaction markers.
        while (consumer.position(partition) < end) {
            var records = consumer.poll(POLL);
            if (!records.isEmpty()) {
                heard = System.nanoTime();
            } else if (System.nanoTime() - heard > SILENCE.toNanos()) {
                throw new TimeoutException("the broker has sent nothing for " + SILENCE.toSeconds() + " s, but "
                        + partition + " must be read up to " + end);
            }
            for (ConsumerRecord<byte[], byte[]> record : records) {
                if (record.offset() < end) {
                    reader.read(record);
                }
            }
        }
    }

    private static long start(KafkaConsumer<byte[], byte[]> consumer, FineTune command, TopicPartition partition) {
        long beginning = consumer.beginningOffsets(List.of(partition)).get(partition);
        Long asked = command.offsets() == null
                ? null
                : command.offsets().getOrDefault(partition.topic(), Map.of()).get(partition.partition());
        if (asked != null) {
            return Math.max(asked, beginning); // retention may have passed it
        }
        if (command.since().isEmpty()) {
            return beginning;
        }
        OffsetAndTimestamp since = consumer.offsetsForTimes(
                        Map.of(partition, command.since().get().toEpochMilli()))
                .get(partition);
        return since == null ? consumer.endOffsets(List.of(partition)).get(partition) : since.offset();
    }
}
