package io.facestream.stages;

import io.facestream.messaging.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.jboss.logging.Logger;

/**
 * Takes batches from a loop's consumer, bounded by number, bytes and weight. Every partition gets a share, because
 * Kafka's consumer hands out one partition's fetch of 8 MiB to its end before the next. A partition starts at its
 * group's committed offset; if retention has deleted records there, the number of lost records is reported. Used only
 * by the loop's thread.
 */
final class Intake implements ConsumerRebalanceListener {
    private static final Logger LOG = Logger.getLogger(Intake.class);
    private static final Duration POLL = Duration.ofMillis(200);

    /**
     * Four of the largest records, which is what a transaction's producer can buffer if all of them are rejected with
     * their originals.
     */
    private static final long MAX_BYTES = 32L << 20;

    /** A poll returns a quarter of a batch, so that each of four busy partitions gets a share. */
    private static final int POLLS_A_BATCH = 4;

    /** Limit per batch of records without weight, such as stale frames. Their outputs have a few hundred bytes each. */
    private static final int MAX_LIGHT = 1_000;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String member;
    private final int maxRecords;
    private final StageWork work;
    private final StageMetrics metrics;

    private final Map<TopicPartition, Long> skippedTo = new HashMap<>();

    /** New positions that differ from the group's committed offsets and are not committed yet. */
    private final Map<TopicPartition, OffsetAndMetadata> moves = new HashMap<>();

    private boolean rebalanced;
    /** Known progress of each assigned partition; read by the watch. */
    private volatile Map<TopicPartition, Long> done = Map.of();

    /** @param consumer without a reset policy of its own */
    Intake(
            KafkaConsumer<byte[], byte[]> consumer,
            String member,
            Topic input,
            int maxRecords,
            StageWork work,
            StageMetrics metrics) {
        this.consumer = consumer;
        this.member = member;
        this.maxRecords = maxRecords;
        this.work = work;
        this.metrics = metrics;
        consumer.subscribe(List.of(input.topicName()), this);
    }

    /** Records per poll for a maximum batch size. */
    static int pollRecords(int maxRecords) {
        return Math.max(1, maxRecords / POLLS_A_BATCH);
    }

    /** For each assigned partition, the offset of the first record that is not done. */
    Map<TopicPartition, Long> done() {
        return done;
    }

    /** Returns the next batch; waits at most 200 ms for its first record. */
    Batch poll() {
        consumer.resume(consumer.paused());
        rebalanced = false;
        ConsumerRecords<byte[], byte[]> first;
        try {
            first = consumer.poll(POLL);
        } catch (OffsetOutOfRangeException e) {
            goOnFromBeginning(e.offsetOutOfRangePartitions());
            first = ConsumerRecords.empty();
        }
        ConsumerGroupMetadata generation = consumer.groupMetadata();
        Collected collected = new Collected();
        collected.add(first);
        if (first.isEmpty()) {
            // Only transaction markers, so there is no work left before them.
            doneTo(first.nextOffsets());
            return collected.batch(generation);
        }
        rebalanced = false;
        collectMore(collected);
        if (rebalanced) {
            // The collected records may belong to another replica now.
            rewind();
            return new Batch(List.of(), Map.of(), generation);
        }
        collected.giveBack();
        return collected.batch(generation);
    }

    /** First polls partitions that have not had their share, then all of them while there is room. */
    private void collectMore(Collected collected) {
        int share =
                Math.max(1, -(-maxRecords / Math.max(1, consumer.assignment().size())));
        boolean shared = true;
        while (!collected.full() && !rebalanced) {
            if (shared) {
                consumer.pause(collected.served(share));
            }
            ConsumerRecords<byte[], byte[]> more = consumer.poll(Duration.ZERO);
            collected.add(more);
            if (more.isEmpty() && !shared) {
                return;
            }
            if (more.isEmpty()) {
                shared = false;
                consumer.resume(consumer.paused());
            }
        }
    }

    /**
     * New positions of partitions after lost records. They must be committed even if no record follows, or the next
     * start would report the same loss again.
     */
    Map<TopicPartition, OffsetAndMetadata> moves() {
        return Map.copyOf(moves);
    }

    void movesCommitted() {
        moves.clear();
    }

    /** Notes committed offsets. */
    void doneTo(Map<TopicPartition, OffsetAndMetadata> offsets) {
        Map<TopicPartition, Long> now = new HashMap<>(done);
        offsets.forEach((partition, end) -> now.computeIfPresent(partition, (same, before) -> end.offset()));
        done = Map.copyOf(now);
    }

    /**
     * Polls the group during a long batch, so that this member is not removed from it.
     *
     * @throws RebalanceInProgressException if partitions were reassigned, so that the batch may belong to another
     *     member
     */
    void keepAlive() {
        consumer.pause(consumer.assignment());
        rebalanced = false;
        ConsumerRecords<byte[], byte[]> none = consumer.poll(Duration.ZERO);
        if (rebalanced || !none.isEmpty()) {
            throw new RebalanceInProgressException("the partitions were reassigned while a batch was being processed");
        }
    }

    /** Seeks back to the group's committed offsets. */
    void rewind() {
        rewind(consumer.assignment());
    }

    private void rewind(Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return;
        }
        Set<TopicPartition> all = Set.copyOf(partitions);
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(all);
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(all);
        for (TopicPartition partition : all) {
            OffsetAndMetadata next = committed.get(partition);
            if (next == null) {
                seek(partition, beginnings.get(partition));
            } else if (next.offset() < beginnings.get(partition)) {
                skip(partition, next.offset(), beginnings.get(partition));
            } else {
                consumer.seek(partition, next);
                setDone(partition, next.offset());
            }
        }
    }

    private void goOnFromBeginning(Map<TopicPartition, Long> outOfRange) {
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(outOfRange.keySet());
        outOfRange.forEach((partition, offset) -> {
            long beginning = beginnings.get(partition);
            if (offset < beginning) {
                skip(partition, offset, beginning);
            } else {
                LOG.errorf(
                        "%s: %s ends before the committed offset %d: the topic was recreated or has lost records;"
                                + " reading from its beginning, offset %d",
                        member, partition, offset, beginning);
                move(partition, beginning);
            }
        });
    }

    /** Reports each lost record once, however often the partition is rewound before a commit. */
    private void skip(TopicPartition partition, long from, long to) {
        long untold = Math.max(from, skippedTo.getOrDefault(partition, from));
        if (untold < to) {
            metrics.skipped(to - untold);
            LOG.warnf(
                    "%s: retention has overtaken %s: the records at offsets %d to %d were deleted before they were"
                            + " processed; continuing at %d",
                    member, partition, untold, to - 1, to);
            skippedTo.put(partition, to);
        }
        move(partition, to);
    }

    private void move(TopicPartition partition, long to) {
        moves.put(partition, new OffsetAndMetadata(to));
        seek(partition, to);
    }

    private void seek(TopicPartition partition, long offset) {
        consumer.seek(partition, offset);
        setDone(partition, offset);
    }

    private void setDone(TopicPartition partition, long offset) {
        Map<TopicPartition, Long> now = new HashMap<>(done);
        now.put(partition, offset);
        done = Map.copyOf(now);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        rebalanced = true;
        rewind(partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        rebalanced = true;
        moves.keySet().removeAll(partitions);
        Map<TopicPartition, Long> now = new HashMap<>(done);
        now.keySet().removeAll(partitions);
        done = Map.copyOf(now);
    }

    /** The records of a batch under construction. */
    private final class Collected {
        private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        private final Map<TopicPartition, Integer> ofPartition = new HashMap<>();
        private final Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
        /** For partitions with records that did not fit, the offset to continue from. */
        private final Map<TopicPartition, Long> cut = new HashMap<>();

        private int heavy;
        private int light;
        private long bytes;
        private long weight;

        void add(ConsumerRecords<byte[], byte[]> polled) {
            ends.putAll(polled.nextOffsets());
            for (TopicPartition partition : polled.partitions()) {
                for (ConsumerRecord<byte[], byte[]> record : polled.records(partition)) {
                    if (!cut.containsKey(partition) && !take(partition, record)) {
                        cut.put(partition, record.offset());
                    }
                }
            }
        }

        private boolean take(TopicPartition partition, ConsumerRecord<byte[], byte[]> record) {
            long size = Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
            long itsWeight = weight(record);
            boolean fits =
                    itsWeight == 0 ? light < MAX_LIGHT : heavy < maxRecords && weight + itsWeight <= work.maxWeight();
            if (!records.isEmpty() && (!fits || bytes + size > MAX_BYTES)) {
                return false;
            }
            records.add(record);
            if (itsWeight == 0) {
                light++;
            } else {
                heavy++;
                ofPartition.merge(partition, 1, Integer::sum);
            }
            bytes += size;
            weight += itsWeight;
            return true;
        }

        /** If this fails, the worker will meet the same failure, and only this record is rejected. */
        private long weight(ConsumerRecord<byte[], byte[]> record) {
            try {
                return work.weight().applyAsLong(record);
            } catch (RuntimeException | StackOverflowError e) {
                return 1;
            }
        }

        boolean full() {
            // Records beyond the bound would have to be fetched again.
            return !cut.isEmpty()
                    || heavy + pollRecords(maxRecords) > maxRecords
                    || light >= MAX_LIGHT
                    || bytes >= MAX_BYTES
                    || weight >= work.maxWeight();
        }

        /** The partitions with at least that many records, not counting those without weight. */
        Set<TopicPartition> served(int share) {
            return ofPartition.entrySet().stream()
                    .filter(entry -> entry.getValue() >= share)
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
        }

        /** Seeks back, so that a later poll returns the records that did not fit. */
        void giveBack() {
            cut.forEach((partition, offset) -> {
                consumer.seek(partition, offset);
                ends.put(partition, new OffsetAndMetadata(offset));
            });
        }

        Batch batch(ConsumerGroupMetadata generation) {
            return new Batch(records, ends, generation);
        }
    }
}
