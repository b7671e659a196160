package io.facestream.video;

/**
 * Selects which of a source's frames are taken to get N per second: the first in each Nth of a second of the source's
 * time. Slots are counted from the start, so rounding does not add up, and gaps and clocks set back do no harm.
 */
public final class FrameSampling {
    /** How early a frame may come: about the jitter of cameras' clocks, and less than the distance of two frames. */
    private static final long JITTER_MICROS = 5_000;

    private final double framesPerSecond;
    private long lastSlot = Long.MIN_VALUE;

    /** @param framesPerSecond positive */
    public FrameSampling(double framesPerSecond) {
        this.framesPerSecond = framesPerSecond;
    }

    /** @param micros since the source's start */
    public boolean takes(long micros) {
        long slot = (long) Math.floor((micros + JITTER_MICROS) * framesPerSecond / 1e6);
        boolean first = slot != lastSlot;
        lastSlot = slot;
        return first;
    }
}
