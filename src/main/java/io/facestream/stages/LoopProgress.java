package io.facestream.stages;

import java.time.Duration;
import org.apache.kafka.common.TopicPartition;

/**
 * How far a loop is, by what the broker says of its partitions.
 *
 * @param lag records between what the loop is done with and the ends of its partitions
 * @param slowest the partition that has had records waiting without progress for longest; null where none waits
 * @param stuckFor for how long it has not got on
 */
record LoopProgress(long lag, TopicPartition slowest, Duration stuckFor) {
    static final LoopProgress NONE = new LoopProgress(0, null, Duration.ZERO);
}
