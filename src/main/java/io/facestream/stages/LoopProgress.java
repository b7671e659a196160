package io.facestream.stages;

import java.time.Duration;
import org.apache.kafka.common.TopicPartition;

/**
 * Progress of a loop, measured against the ends of its partitions on the broker.
 *
 * @param lag records between the loop's progress and the ends of its partitions
 * @param slowest the partition whose records have waited longest without progress; null if no records wait
 * @param stalledFor how long that partition has made no progress
 */
record LoopProgress(long lag, TopicPartition slowest, Duration stalledFor) {
    static final LoopProgress NONE = new LoopProgress(0, null, Duration.ZERO);
}
