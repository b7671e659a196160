package io.facestream.alerts.target;

import java.time.Duration;
import java.util.Optional;

/** An alert was not delivered. The message is one line for the log and the outbox: no secret, no name, no payload. */
public final class DeliveryException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean retryable;
    private final Duration pause;

    private DeliveryException(String why, boolean retryable, Duration pause, Throwable cause) {
        super(why, cause);
        this.retryable = retryable;
        this.pause = pause;
    }

    /** It may succeed later: nobody answered, or the other side is busy. */
    public static DeliveryException retryable(String why, Throwable cause) {
        return new DeliveryException(why, true, null, cause);
    }

    /** The same, not before a pause that the other side asked for. */
    public static DeliveryException retryableAfter(Duration pause, String why) {
        return new DeliveryException(why, true, pause, null);
    }

    /** It never will: the other side refuses this alert. */
    public static DeliveryException refused(String why) {
        return new DeliveryException(why, false, null, null);
    }

    public boolean isRetryable() {
        return retryable;
    }

    /** What the other side asked for. It is bounded by the caller. */
    public Optional<Duration> pause() {
        return Optional.ofNullable(pause);
    }
}
