package io.facestream.messaging;

import java.time.Duration;

/** The pauses between failing attempts. Each is twice as long as the one before, up to a maximum. */
public final class Backoff {
    private final Duration first;
    private final Duration longest;
    private Duration next;

    public Backoff(Duration first, Duration longest) {
        this.first = first;
        this.longest = longest;
        this.next = first;
    }

    /** The next pause, without consuming it. */
    public Duration next() {
        return next;
    }

    /** Consumes the next pause; the one after it is longer. */
    public Duration take() {
        Duration taken = next;
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(longest) < 0 ? doubled : longest;
        return taken;
    }

    /** Starts over after a successful attempt. */
    public void reset() {
        next = first;
    }
}
