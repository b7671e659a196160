package io.facestream.video;

import java.util.concurrent.TimeUnit;

/**
 * When a snapshot address is asked: N times a second on the whole. After an answer that took too long it is asked at
 * once, and what was missed is not made up for. Times are those of System.nanoTime().
 */
final class SnapshotPace {
    private final long period;
    private boolean begun;
    private long next;

    /** @param perSecond positive */
    SnapshotPace(double perSecond) {
        period = Math.round(TimeUnit.SECONDS.toNanos(1) / perSecond);
    }

    /** Nanoseconds until it is to be asked; 0 or less if it is time. */
    long untilNext(long now) {
        return begun ? next - now : 0;
    }

    /** Notes that it was asked. */
    void asked(long now) {
        next = begun && next + period - now > 0 ? next + period : now + (begun ? 0 : period);
        begun = true;
    }
}
