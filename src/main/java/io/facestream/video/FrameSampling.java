package io.facestream.video;

/**
 * Selects which of a source's frames are taken to get N per second: the first in each Nth of a second of the source's
 * time. Gaps and clocks set back do no harm.
 */
public final class FrameSampling {
    private final FrameSlots slots;
    private long lastSlot = Long.MIN_VALUE;

    /** @param framesPerSecond positive */
    public FrameSampling(double framesPerSecond) {
        slots = new FrameSlots(framesPerSecond);
    }

    /** @param micros since the source's start */
    public boolean takes(long micros) {
        long slot = slots.of(micros);
        boolean first = slot != lastSlot;
        lastSlot = slot;
        return first;
    }
}
