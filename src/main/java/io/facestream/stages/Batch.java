package io.facestream.stages;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Records that were polled together.
 *
 * @param records those of a partition in their order
 * @param ends for each partition, the offset to go on from when all of them are done
 * @param generation of the consumer group when they were polled. Asked for later, it could be that of a rebalance in between, and
 *     the broker would accept records that another replica processes as well
 */
record Batch(
        List<ConsumerRecord<byte[], byte[]>> records,
        Map<TopicPartition, OffsetAndMetadata> ends,
        ConsumerGroupMetadata generation) {
    Batch {
        records = List.copyOf(records);
        ends = Map.copyOf(ends);
    }

    boolean isEmpty() {
        return records.isEmpty();
    }

    /**
     * The offsets to go on from when the records from one place to another are done.
     *
     * @param from place of the first record
     * @param to place behind the last one
     */
    Map<TopicPartition, OffsetAndMetadata> ends(int from, int to) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records.subList(from, to)) {
            offsets.put(partition(record), new OffsetAndMetadata(record.offset() + 1, record.leaderEpoch(), ""));
        }
        if (to == records.size()) {
            // Beyond the last record too: what follows it are the marks of transactions.
            offsets.replaceAll((partition, end) -> ends.getOrDefault(partition, end));
        }
        return offsets;
    }

    static TopicPartition partition(ConsumerRecord<byte[], byte[]> record) {
        return new TopicPartition(record.topic(), record.partition());
    }
}
