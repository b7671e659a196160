package io.facestream.stages;

import io.facestream.messaging.KafkaConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Asks the broker every few seconds for the ends of this process's partitions. From them it derives the lag (the
 * consumer's own lag refers to its last fetch, which may be long ago), partitions that make no progress while others
 * do, and partitions held back by somebody else's open transaction.
 */
final class PartitionWatch implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(PartitionWatch.class);

    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final KafkaConnection connection;
    private final StageTimeouts timeouts;
    private final List<Watched> loops = new CopyOnWriteArrayList<>();
    private final Map<TopicPartition, Seen> stableEnds = new HashMap<>();
    private final Set<TopicPartition> reported = new HashSet<>();
    private final Map<WatchedLoop, LoopProgress> progress = new ConcurrentHashMap<>();
    private final Thread thread = new Thread(this::watch, "partition-watch");

    PartitionWatch(KafkaConnection connection, StageTimeouts timeouts) {
        this.connection = connection;
        this.timeouts = timeouts;
        thread.setDaemon(true);
    }

    /** A loop, its metrics, and since when each of its partitions has been waiting at its offset. */
    private record Watched(WatchedLoop loop, StageMetrics metrics, Map<TopicPartition, Seen> waiting) {}

    /** An offset, and since when it has not changed. */
    private record Seen(long offset, long since) {
        static Seen next(Seen before, long offset, long now) {
            return before != null && before.offset == offset ? before : new Seen(offset, now);
        }

        Duration forHowLong(long now) {
            return Duration.ofNanos(now - since);
        }
    }

    /**
     * Ends of partitions.
     *
     * @param stable the end for a reader of committed records
     * @param all the end of the partition
     */
    private record Ends(Map<TopicPartition, Long> stable, Map<TopicPartition, Long> all) {}

    synchronized void add(WatchedLoop loop, StageMetrics metrics) {
        loops.add(new Watched(loop, metrics, new HashMap<>()));
        if (thread.getState() == Thread.State.NEW) {
            thread.start();
        }
    }

    /** The progress of a loop, at most a few seconds old while the broker answers. */
    LoopProgress of(WatchedLoop loop) {
        return progress.getOrDefault(loop, LoopProgress.NONE);
    }

    private void watch() {
        try (Admin admin = connection.admin("facestream-partition-watch")) {
            while (true) {
                try {
                    look(admin);
                } catch (ExecutionException | TimeoutException | KafkaException e) {
                    // The stages report an unreachable broker.
                    LOG.debug("the ends of the partitions are unknown", e);
                }
                Thread.sleep(timeouts.lookAtPartitions().toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(Admin admin) throws InterruptedException, ExecutionException, TimeoutException {
        Map<Watched, Map<TopicPartition, Long>> done = new HashMap<>();
        loops.forEach(watched -> done.put(watched, watched.loop.done()));
        Set<TopicPartition> partitions =
                done.values().stream().flatMap(of -> of.keySet().stream()).collect(Collectors.toSet());
        if (partitions.isEmpty()) {
            return;
        }
        Ends ends = new Ends(
                ends(admin, partitions, IsolationLevel.READ_COMMITTED),
                ends(admin, partitions, IsolationLevel.READ_UNCOMMITTED));
        long now = System.nanoTime();
        stableEnds.keySet().retainAll(partitions);
        Map<TopicPartition, Long> heldBack = new HashMap<>();
        for (TopicPartition partition : partitions) {
            heldBack.put(partition, heldBack(partition, ends, now));
        }
        done.forEach((watched, of) -> {
            watched.waiting.keySet().retainAll(of.keySet());
            of.forEach((partition, offset) -> look(watched, partition, offset, ends, now));
            progress.put(watched.loop, progress(watched, of, ends, now));
        });
        publish(done, heldBack, now);
    }

    private static Map<TopicPartition, Long> ends(Admin admin, Set<TopicPartition> partitions, IsolationLevel isolation)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, OffsetSpec> latest =
                partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        ListOffsetsResult result =
                admin.listOffsets(latest, new ListOffsetsOptions(isolation).timeoutMs((int) ANSWER.toMillis()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (TopicPartition partition : partitions) {
            ends.put(
                    partition,
                    result.partitionResult(partition)
                            .get(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                            .offset());
        }
        return ends;
    }

    private static void look(Watched watched, TopicPartition partition, long done, Ends ends, long now) {
        if (done < ends.stable.get(partition)) {
            watched.waiting.compute(partition, (same, before) -> Seen.next(before, done, now));
        } else {
            watched.waiting.remove(partition);
        }
    }

    private static LoopProgress progress(Watched watched, Map<TopicPartition, Long> done, Ends ends, long now) {
        long lag = done.entrySet().stream()
                .mapToLong(of -> Math.max(0, ends.stable.get(of.getKey()) - of.getValue()))
                .sum();
        return watched.waiting.entrySet().stream()
                .min((a, b) -> Long.compare(a.getValue().since, b.getValue().since))
                .map(slowest -> new LoopProgress(
                        lag, slowest.getKey(), slowest.getValue().forHowLong(now)))
                .orElse(new LoopProgress(lag, null, Duration.ZERO));
    }

    /** How many records are held back by a transaction that has been open for too long; 0 if there is none. */
    private long heldBack(TopicPartition partition, Ends ends, long now) {
        long stable = ends.stable.get(partition);
        long behind = ends.all.get(partition) - stable;
        if (behind <= 0) {
            stableEnds.remove(partition);
        } else {
            stableEnds.compute(partition, (same, before) -> Seen.next(before, stable, now));
        }
        Seen since = stableEnds.get(partition);
        if (since == null || since.forHowLong(now).compareTo(timeouts.openTooLong()) < 0) {
            if (reported.remove(partition)) {
                LOG.infof("%s can be read again: the transaction that held it back has ended", partition);
            }
            return 0;
        }
        if (reported.add(partition)) {
            LOG.warnf(
                    "%s cannot be read past offset %d: a transaction has been open there for %d s or longer and holds"
                            + " back %d records; kafka-transactions.sh find-hanging names it",
                    partition, stable, since.forHowLong(now).toSeconds(), behind);
        }
        return behind;
    }

    private static void publish(
            Map<Watched, Map<TopicPartition, Long>> done, Map<TopicPartition, Long> heldBack, long now) {
        Map<StageMetrics, Map<TopicPartition, Duration>> stuck = new HashMap<>();
        done.forEach((watched, of) -> of.keySet().forEach(partition -> {
            Seen waiting = watched.waiting.get(partition);
            stuck.computeIfAbsent(watched.metrics, metrics -> new HashMap<>())
                    .put(partition, waiting == null ? Duration.ZERO : waiting.forHowLong(now));
        }));
        stuck.forEach((metrics, ofStage) -> {
            metrics.stuck(ofStage);
            metrics.heldBack(
                    ofStage.keySet().stream().collect(Collectors.toMap(partition -> partition, heldBack::get)));
        });
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
