package io.facestream.messaging;

import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.Metric;

/**
 * Whether a consumer's group answers it. Nothing else of a consumer tells: of a broker that is away, or frozen, a poll
 * returns nothing, as it does where there is nothing to read. One thread asks, at each step.
 */
public final class Heartbeats {
    private final Metric metric;
    private final long limit;
    private double answered;
    private long heardAt;

    /**
     * Of a consumer that has not joined yet.
     *
     * @param session the consumer's session timeout: whoever has no answer for that long is not in the group any more
     */
    public Heartbeats(Consumer<?, ?> consumer, Duration session) {
        // It counts answers. "last-heartbeat-seconds-ago" tells when the last one was sent.
        this.metric = consumer.metrics().values().stream()
                .filter(each -> each.metricName().name().equals("heartbeat-total"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Kafka's consumer has no metric of heartbeats"));
        this.limit = session.toNanos();
    }

    /** Whether another heartbeat was answered since this was asked last. */
    public boolean hasNewAnswer() {
        double total = ((Number) metric.metricValue()).doubleValue();
        boolean isNews = total > answered;
        if (isNews) {
            answered = total;
            heardAt = System.nanoTime();
        }
        return isNews;
    }

    /** Whether one was answered within the session timeout. */
    public boolean isInTouch() {
        return hasNewAnswer() || answered > 0 && System.nanoTime() - heardAt <= limit;
    }
}
