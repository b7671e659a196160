package io.facestream.cli.publish;

/**
 * Which of a source's frames are taken for N a second: the first in each Nth of a second of the source's time. Counted
 * from the start, so that no rounding adds up; gaps and clocks that are set back do no harm.
 */
final class FrameSampling {
    /** A frame may come that much early: what cameras' clocks jitter by, and less than any two frames are apart. */
    private static final long JITTER_MICROS = 5_000;

    private final double framesPerSecond;
    private long lastSlot = Long.MIN_VALUE;

    /** @param framesPerSecond positive */
    FrameSampling(double framesPerSecond) {
        this.framesPerSecond = framesPerSecond;
    }

    /** @param micros since the source's start */
    boolean takes(long micros) {
        long slot = (long) Math.floor((micros + JITTER_MICROS) * framesPerSecond / 1e6);
        boolean first = slot != lastSlot;
        lastSlot = slot;
        return first;
    }
}
