package io.facestream.alerts.target;

import java.time.Duration;

/**
 * Where alerts go. Each target has a thread of its own in each replica, which delivers one alert after another; a slow
 * one delays no other. A constructor only checks its settings: what a target needs to connect to may be away.
 */
public interface AlertTarget extends AutoCloseable {
    /**
     * A delivery ends within this time, one way or the other. Later, another replica takes the alert for one whose
     * replica has died.
     */
    Duration LONGEST_DELIVERY = Duration.ofSeconds(30);

    /**
     * Delivers an alert. Returns when the other side has it. It comes again after a failure that may be retried, and
     * after a replica died in between: the other side tells repetitions by {@link Alert#alertId()}.
     *
     * @param age since the broker appended the frame of the latest face; never more than the target's {@code max-age}
     * @param attempt 1 for the first
     * @throws DeliveryException if it was not delivered
     * @throws InterruptedException if the process ends; the alert comes again
     */
    void deliver(Alert alert, Duration age, int attempt) throws DeliveryException, InterruptedException;

    /** Is called once, when nothing is delivered any more. */
    @Override
    default void close() {}
}
