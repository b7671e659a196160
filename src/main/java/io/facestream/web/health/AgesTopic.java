package io.facestream.web.health;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds out how old records are without reading them, which needs no right to read: the broker says which is the first
 * record of a time, and halving finds the time of a record to the second. All partitions are asked about at once.
 */
final class AgesTopic {
    private static final long CLOSE_ENOUGH_MILLIS = 1_000;

    private final Admin admin;
    private final Duration patience;

    /** @param patience for each question; a week takes 20 of them */
    AgesTopic(Admin admin, Duration patience) {
        this.admin = admin;
        this.patience = patience;
    }

    /** The record is not older than from, and older than until; milliseconds since 1970. */
    private record Between(long from, long until) {
        boolean isClose() {
            return until - from <= CLOSE_ENOUGH_MILLIS;
        }

        long middle() {
            return from + (until - from) / 2;
        }
    }

    /**
     * How old the oldest of those records is.
     *
     * @param records offsets; each partition has a record at, or after, that
     */
    Duration oldest(Map<TopicPartition, Long> records, Instant now)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, Between> open = new HashMap<>();
        long oldest = now.toEpochMilli();
        // What is there no longer is as old as the first record that is.
        for (var first : ask(records, each -> 0L).entrySet()) {
            long offset = first.getValue().offset();
            long at = first.getValue().timestamp();
            if (offset >= records.get(first.getKey())) {
                oldest = Math.min(oldest, at);
            } else if (offset >= 0) {
                open.put(first.getKey(), new Between(at, now.toEpochMilli() + 1));
            }
        }
        while (!open.isEmpty()) {
            for (var found : ask(open, each -> open.get(each).middle()).entrySet()) {
                TopicPartition partition = found.getKey();
                long offset = found.getValue().offset();
                Between before = open.get(partition);
                boolean isLater = offset < 0 || offset > records.get(partition);
                open.put(
                        partition,
                        isLater
                                ? new Between(before.from(), before.middle())
                                : new Between(
                                        Math.max(
                                                before.middle(),
                                                found.getValue().timestamp()),
                                        before.until()));
            }
            for (Between each : open.values()) {
                oldest = each.isClose() ? Math.min(oldest, each.from()) : oldest;
            }
            open.values().removeIf(Between::isClose);
        }
        return Duration.ofMillis(Math.max(0, now.toEpochMilli() - oldest));
    }

    private interface Time {
        long of(TopicPartition partition);
    }

    private Map<TopicPartition, ListOffsetsResultInfo> ask(Map<TopicPartition, ?> partitions, Time time)
            throws InterruptedException, ExecutionException, TimeoutException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.keySet().forEach(each -> asked.put(each, OffsetSpec.forTimestamp(time.of(each))));
        return admin.listOffsets(asked).all().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    }
}
