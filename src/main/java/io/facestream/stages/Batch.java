package io.facestream.stages;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Records polled together.
 *
 * @param records in order within each partition
 * @param ends for each partition, the offset to continue from after the whole batch
 * @param generation of the consumer group at the time of the poll. If it were read later, it could be newer than a
 *     rebalance in between, and the broker would accept records that another replica processes as well
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
     * The offsets to continue from after a part of the batch.
     *
     * @param from index of the first record
     * @param to index after the last record
     */
    Map<TopicPartition, OffsetAndMetadata> ends(int from, int to) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records.subList(from, to)) {
            offsets.put(partition(record), new OffsetAndMetadata(record.offset() + 1, record.leaderEpoch(), ""));
        }
        if (to == records.size()) {
            // Also past the transaction markers that follow the last record.
            offsets.replaceAll((partition, end) -> ends.getOrDefault(partition, end));
        }
        return offsets;
    }

    static TopicPartition partition(ConsumerRecord<byte[], byte[]> record) {
        return new TopicPartition(record.topic(), record.partition());
    }
}
