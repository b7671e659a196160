package io.facestream.stages;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** What a loop tells of itself from any thread, for metrics and health. */
interface WatchedLoop {
    /** Unique among the loops of this process, such as {@code detection-0}. */
    String member();

    /** The next offset of each partition that the loop has now; empty while it has none. */
    Map<TopicPartition, Long> done();

    /** How long ago it last got through a step; an idle one does every 200 ms. */
    Duration sinceLastGoodStep();
}
