package io.facestream.sightings.visits;

import io.facestream.frames.FrameInfo;
import io.facestream.sightings.rows.Row;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The time of one camera. {@code now} is the append time of its latest frame on the broker's clock and never goes back.
 * {@code motion} goes by the camera's own clock, which is right about the time between two frames even if they are
 * appended in a burst, as long as that clock runs evenly.
 */
final class CameraClock {
    /** Frames whose repetition is noticed; more than a stage's batch holds. */
    private static final int REMEMBERED = 64;

    private static final Duration LONGEST_STEP = Duration.ofMinutes(1);

    private long now = Long.MIN_VALUE;
    private long motion;
    private long captured;
    private final Deque<Long> recent = new ArrayDeque<>();

    /**
     * Goes on to a frame.
     *
     * @param lateness the longest time that a frame may lie behind the latest one
     * @return false if the frame was seen before, or is too late to say anything of those who are there now
     */
    boolean advance(FrameInfo frame, Duration lateness) {
        long offset = frame.pointer().offset();
        long appended = frame.appendedAt().toEpochMilli();
        if (recent.contains(offset) || isBegun() && appended < now - lateness.toMillis()) {
            return false;
        }
        recent.addLast(offset);
        if (recent.size() > REMEMBERED) {
            recent.removeFirst();
        }
        long taken = frame.capturedAt().toEpochMilli();
        if (isBegun()) {
            long byCamera = taken - captured;
            long byBroker = Math.max(0, appended - now);
            motion += byCamera > 0 && byCamera <= LONGEST_STEP.toMillis() ? byCamera : byBroker;
            now = Math.max(now, appended);
        } else {
            now = appended;
        }
        captured = taken;
        return true;
    }

    boolean isBegun() {
        return now != Long.MIN_VALUE;
    }

    /** Milliseconds since the epoch. */
    long now() {
        return now;
    }

    /** Milliseconds since some moment of the camera's own. */
    long motion() {
        return motion;
    }

    byte[] write() {
        return Row.of(out -> {
            out.writeLong(now);
            out.writeLong(motion);
            out.writeLong(captured);
            out.writeByte(recent.size());
            for (long offset : recent) {
                out.writeLong(offset);
            }
        });
    }

    /** @throws java.io.UncheckedIOException if the bytes are not a clock of this build's format */
    static CameraClock read(byte[] bytes) {
        return Row.read(bytes, in -> {
            CameraClock clock = new CameraClock();
            clock.now = in.readLong();
            clock.motion = in.readLong();
            clock.captured = in.readLong();
            for (int n = in.readByte(); n > 0; n--) {
                clock.recent.addLast(in.readLong());
            }
            return clock;
        });
    }
}
