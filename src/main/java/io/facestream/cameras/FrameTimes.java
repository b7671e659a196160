package io.facestream.cameras;

import java.util.OptionalLong;

/**
 * When frames were taken, since the first: what the stream says where that can be, else one frame's duration after
 * the frame before. Never goes back.
 */
final class FrameTimes {
    /**
     * A longer way from one frame to the next is no pause, but another recording's clock; FFmpeg's own tool draws the
     * line there too (its option dts_delta_threshold).
     */
    private static final long LONGEST_GAP_MICROS = 10_000_000;

    /** Of a stream that is slower than that by its own word: so many of its frames may be missing. */
    private static final int LONGEST_GAP_FRAMES = 3;

    private final long periodMicros;
    private final long longestGapMicros;
    private boolean started;
    /** Whether {@link #shift} is known. */
    private boolean anchored;
    /** What is added to the stream's times. */
    private long shift;

    private long last;
    private long jumped;

    /** @param periodMicros from one frame to the next, where the stream does not say; positive */
    FrameTimes(long periodMicros) {
        this.periodMicros = periodMicros;
        longestGapMicros = Math.max(LONGEST_GAP_MICROS, LONGEST_GAP_FRAMES * periodMicros);
    }

    /**
     * The next frame's time.
     *
     * @param streamMicros by the stream's own clock; empty where it has none
     * @return microseconds since the first frame
     */
    long next(OptionalLong streamMicros) {
        jumped = 0;
        long due = started ? last + periodMicros : 0;
        started = true;
        if (streamMicros.isEmpty()) {
            last = due;
            return last;
        }
        if (!anchored) {
            anchored = true;
            shift = due - streamMicros.getAsLong();
        }
        long told = streamMicros.getAsLong() + shift;
        long step = told - last;
        if (step > longestGapMicros || step < -periodMicros) {
            jumped = step;
            shift += due - told;
            told = due;
        }
        last = Math.max(last, told);
        return last;
    }

    /** By how many microseconds the stream's clock jumped before the last frame; 0 if it did not. */
    long jumped() {
        return jumped;
    }

    /** When the frame after the last one would be due. */
    long end() {
        return started ? last + periodMicros : 0;
    }
}
