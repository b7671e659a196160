package io.facestream.sightings.streams;

import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * The time of a record is when its frame was appended to {@code camera-frames}: the append on a later topic is when a
 * stage committed. An event does not tell it. Its frame's mark, which follows it, does; until then the partition's time
 * so far stands in. Kafka Streams needs the times only to choose from which of the two topics to read next.
 */
final class FrameTime implements TimestampExtractor {
    /**
     * A partition's time never goes back, so a time of the future would stand in for all that come after it. The rows
     * of the stores bear it too, and by default a broker refuses records that are more than an hour ahead.
     */
    private static final Duration AHEAD = Duration.ofMinutes(30);

    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
        long appended = record.value() instanceof Input input ? input.appendedMillis() : Input.UNTIMED;
        boolean isTime = appended >= 0 && appended <= System.currentTimeMillis() + AHEAD.toMillis();
        // A negative time would make Kafka Streams drop the record.
        return isTime ? appended : Math.max(0, partitionTime);
    }
}
