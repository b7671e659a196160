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
 * Takes a loop's batches from its consumer: from every partition a share, for Kafka's consumer hands out one partition's fetch of 8 MiB
 * to its end before the next; bounded by number, bytes and weight. A partition starts where its group has committed, and where
 * retention has overtaken that, it says how many records are lost. Used by the loop's thread alone.
 */
final class Intake implements ConsumerRebalanceListener {
    private static final Logger LOG = Logger.getLogger(Intake.class);
    private static final Duration POLL = Duration.ofMillis(200);

    /** Four of the largest records: as much as a transaction's producer holds back, rejects with their originals included. */
    private static final long MAX_BYTES = 32L << 20;

    /** A poll yields a quarter of a batch: enough of them for each of four busy partitions to have its share. */
    private static final int POLLS_A_BATCH = 4;

    /** Records that weigh nothing, such as stale frames, in a batch: what comes of them are a few hundred bytes each. */
    private static final int MAX_LIGHT = 1_000;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final String member;
    private final int maxRecords;
    private final StageWork work;
    private final StageMetrics metrics;

    private final Map<TopicPartition, Long> skippedTo = new HashMap<>();

    /** Where partitions go on other than where their group has committed, until that is committed. */
    private final Map<TopicPartition, OffsetAndMetadata> moves = new HashMap<>();

    private boolean rebalanced;
    /** How far each assigned partition is known to be done with; read by the watch. */
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

    /** Records of a poll, for a consumer whose batches have so many at most. */
    static int pollRecords(int maxRecords) {
        return Math.max(1, maxRecords / POLLS_A_BATCH);
    }

    /** For each assigned partition the offset of the first record that is not done. */
    Map<TopicPartition, Long> done() {
        return done;
    }

    /** Waits 200 ms at most for a record. */
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
            // Over the marks of transactions: nothing is left undone there.
            doneTo(first.nextOffsets());
            return collected.batch(generation);
        }
        rebalanced = false;
        collectMore(collected);
        if (rebalanced) {
            // What was collected may be another replica's by now.
            rewind();
            return new Batch(List.of(), Map.of(), generation);
        }
        collected.giveBack();
        return collected.batch(generation);
    }

    /** First from the partitions that have not had their share; then from all, as long as there is room. */
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
     * Where partitions go on other than where their group has committed, as after what retention deleted. It is to be committed whether
     * a record follows or not: else the next start would tell of it again.
     */
    Map<TopicPartition, OffsetAndMetadata> moves() {
        return Map.copyOf(moves);
    }

    void movesCommitted() {
        moves.clear();
    }

    /** What is committed is done. */
    void doneTo(Map<TopicPartition, OffsetAndMetadata> offsets) {
        Map<TopicPartition, Long> now = new HashMap<>(done);
        offsets.forEach((partition, end) -> now.computeIfPresent(partition, (same, before) -> end.offset()));
        done = Map.copyOf(now);
    }

    /**
     * Tells the group that this member lives, while a batch takes long.
     *
     * @throws RebalanceInProgressException if the partitions have been given out anew: the batch is no longer this member's
     */
    void keepAlive() {
        consumer.pause(consumer.assignment());
        rebalanced = false;
        ConsumerRecords<byte[], byte[]> none = consumer.poll(Duration.ZERO);
        if (rebalanced || !none.isEmpty()) {
            throw new RebalanceInProgressException("the partitions were reassigned while a batch was being processed");
        }
    }

    /** Goes back to where the group has committed. */
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
                        "%s: %s ends before offset %d, which its group has committed: the topic was made anew, or has lost"
                                + " records. It is read from its beginning, offset %d",
                        member, partition, offset, beginning);
                move(partition, beginning);
            }
        });
    }

    /** Tells of each lost record once, however often the partition is rewound before something is committed there. */
    private void skip(TopicPartition partition, long from, long to) {
        long untold = Math.max(from, skippedTo.getOrDefault(partition, from));
        if (untold < to) {
            metrics.skipped(to - untold);
            LOG.warnf(
                    "%s: retention has overtaken %s: the records at offsets %d to %d was deleted before it was processed; it"
                            + " goes on with %d",
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

    /** What a batch is made of. */
    private final class Collected {
        private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        private final Map<TopicPartition, Integer> ofPartition = new HashMap<>();
        private final Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
        /** Where partitions go on of which not all that was polled had room. */
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

        /** Where that fails, the worker meets the same fault, and this record alone is rejected. */
        private long weight(ConsumerRecord<byte[], byte[]> record) {
            try {
                return work.weight().applyAsLong(record);
            } catch (RuntimeException | StackOverflowError e) {
                return 1;
            }
        }

        boolean full() {
            // What a poll yields beyond the bound would have to be fetched again.
            return !cut.isEmpty()
                    || heavy + pollRecords(maxRecords) > maxRecords
                    || light >= MAX_LIGHT
                    || bytes >= MAX_BYTES
                    || weight >= work.maxWeight();
        }

        /** The partitions that have had so many records or more; those that weigh nothing do not count. */
        Set<TopicPartition> served(int share) {
            return ofPartition.entrySet().stream()
                    .filter(entry -> entry.getValue() >= share)
                    .map(Map.Entry::getKey)
                    .collect(Collectors.toSet());
        }

        /** What had no room comes with a later poll. */
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
