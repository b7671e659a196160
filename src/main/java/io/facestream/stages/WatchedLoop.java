package io.facestream.stages;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** The state of a loop for metrics and health checks; may be read from any thread. */
public interface WatchedLoop {
    /** Unique among the loops of this process, such as {@code detection-0}. */
    String member();

    /** The next offset of each assigned partition; empty while none is assigned, and where only the steps count. */
    default Map<TopicPartition, Long> done() {
        return Map.of();
    }

    /** Time since it last completed a step; an idle loop completes one every 200 ms. */
    Duration sinceLastGoodStep();
}
