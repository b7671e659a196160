package io.facestream.video;

import java.util.OptionalLong;

/**
 * The times of frames since the first. Uses the stream's times if they are plausible, otherwise one frame's duration
 * after the previous frame. Never decreases.
 */
final class FrameTimes {
    /**
     * A longer gap between frames is not a pause but another recording's clock. FFmpeg's own tool uses the same limit
     * (its option dts_delta_threshold).
     */
    private static final long LONGEST_GAP_MICROS = 10_000_000;

    /** The limit for very slow streams: that many frames may be missing. */
    private static final int LONGEST_GAP_FRAMES = 3;

    private final long periodMicros;
    private final long longestGapMicros;
    private boolean started;
    /** Whether {@link #shift} is known. */
    private boolean anchored;
    /** Of which clock it is: that of arrivals, or the stream's. */
    private boolean byArrival;
    /** The offset added to the clock's times. */
    private long shift;

    private long last;
    private long jumped;

    /** @param periodMicros time between frames if the stream has no times; positive */
    FrameTimes(long periodMicros) {
        this.periodMicros = periodMicros;
        longestGapMicros = Math.max(LONGEST_GAP_MICROS, LONGEST_GAP_FRAMES * periodMicros);
    }

    /**
     * The next frame's time.
     *
     * @param streamMicros by the stream's own clock; empty if it has none
     * @return microseconds since the first frame
     */
    long next(OptionalLong streamMicros) {
        return next(streamMicros, false);
    }

    /**
     * The next frame's time, of a stream that has none: when the frame arrived, however long after the one before.
     *
     * @param micros by a clock that never jumps
     * @return microseconds since the first frame
     */
    long arrived(long micros) {
        return next(OptionalLong.of(micros), true);
    }

    private long next(OptionalLong streamMicros, boolean isArrival) {
        jumped = 0;
        long due = started ? last + periodMicros : 0;
        started = true;
        if (streamMicros.isEmpty()) {
            last = due;
            return last;
        }
        if (!anchored || isArrival != byArrival) {
            anchored = true;
            byArrival = isArrival;
            shift = due - streamMicros.getAsLong();
        }
        long stated = streamMicros.getAsLong() + shift;
        long step = stated - last;
        if (!isArrival && (step > longestGapMicros || step < -periodMicros)) {
            jumped = step;
            shift += due - stated;
            stated = due;
        }
        last = Math.max(last, stated);
        return last;
    }

    /** What {@link #next} will say of a frame if the clock does not jump; empty before one of its times is known. */
    OptionalLong expected(long streamMicros) {
        return anchored && !byArrival ? OptionalLong.of(streamMicros + shift) : OptionalLong.empty();
    }

    /** What {@link #arrived} will say of a frame; empty before a time of arrival is known. */
    OptionalLong expectedArrival(long micros) {
        return anchored && byArrival ? OptionalLong.of(micros + shift) : OptionalLong.empty();
    }

    /** The jump of the stream's clock before the last frame, in microseconds; 0 if there was none. */
    long jumped() {
        return jumped;
    }

    /** When the frame after the last one would be due. */
    long end() {
        return started ? last + periodMicros : 0;
    }
}
