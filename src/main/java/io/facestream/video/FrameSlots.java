package io.facestream.video;

/**
 * The Nths of a second of a source's time. They are counted from the start, so rounding does not add up.
 *
 * @param perSecond positive
 */
record FrameSlots(double perSecond) {
    /** How early a frame may come: about the jitter of cameras' clocks, and less than the distance of two frames. */
    private static final long JITTER_MICROS = 5_000;

    /** @param micros since the source's start */
    long of(long micros) {
        return (long) Math.floor((micros + JITTER_MICROS) * perSecond / 1e6);
    }
}
