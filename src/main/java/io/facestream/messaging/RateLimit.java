package io.facestream.messaging;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Permits one event per interval, such as a log line that every record of a camera would trigger. Thread-safe. */
public final class RateLimit {
    private final long interval;
    private final AtomicLong next = new AtomicLong(Long.MIN_VALUE);

    public RateLimit(Duration interval) {
        this.interval = interval.toNanos();
    }

    /** Whether this event may pass: the first ever, and then the first after each interval. */
    public boolean permits() {
        long now = System.nanoTime();
        long allowed = next.get();
        return (allowed == Long.MIN_VALUE || now - allowed >= 0) && next.compareAndSet(allowed, now + interval);
    }
}
