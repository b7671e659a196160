package io.facestream.stages;

import java.time.Duration;

/** The pauses between attempts that fail: each is twice as long as the one before, up to the longest. */
final class Backoff {
    private final Duration first;
    private final Duration longest;
    private Duration next;

    Backoff(Duration first, Duration longest) {
        this.first = first;
        this.longest = longest;
        this.next = first;
    }

    /** The pause that comes next; it stays the same until it is taken. */
    Duration next() {
        return next;
    }

    /** The next pause, which is followed by a longer one. */
    Duration take() {
        Duration taken = next;
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(longest) < 0 ? doubled : longest;
        return taken;
    }

    /** An attempt went well. */
    void reset() {
        next = first;
    }
}
