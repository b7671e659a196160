package io.facestream.sightings.visits;

import io.facestream.frames.FrameInfo;
import io.facestream.sightings.rows.Row;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The time of one camera. {@code now} is the append time of its latest frame on the broker's clock and never goes back:
 * if that clock is set back, or another broker takes over whose clock is behind, it goes on from where it was. {@code
 * motion} goes by the camera's own clock, which is right about the time between two frames even if they are
 * appended in a burst, as long as that clock runs evenly.
 */
final class CameraClock {
    /** Frames whose repetition is noticed; more than a stage's batch holds. */
    private static final int REMEMBERED = 64;

    private static final Duration LONGEST_STEP = Duration.ofMinutes(1);

    /** 2^64 divided by the golden ratio: neighbouring times differ in all bits. */
    private static final long MIXED = 0x9e3779b97f4a7c15L;

    private long now = Long.MIN_VALUE;
    /** By how much the broker's clock was set back, in all. */
    private long setBack;

    private long newest = -1;
    private long appendedAt;
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
        long name = name(frame);
        long appended = frame.appendedAt().toEpochMilli() + setBack;
        if (recent.contains(name)) {
            return false;
        }
        if (isBegun() && appended < now - lateness.toMillis()) {
            if (offset < newest) {
                return false;
            }
            // A later record with an earlier time.
            setBack += now - appended;
            appended = now;
        }
        if (offset >= newest) {
            newest = offset;
            appendedAt = frame.appendedAt().toEpochMilli();
        }
        recent.addLast(name);
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

    /**
     * A publisher that is not sure whether a frame arrived sends it again: the same event at another offset. One that
     * gives all its frames the same id gives them times.
     */
    private static long name(FrameInfo frame) {
        long event = 31L * frame.source().hashCode() + frame.id().hashCode();
        return event ^ frame.capturedAt().toEpochMilli() * MIXED;
    }

    boolean isBegun() {
        return now != Long.MIN_VALUE;
    }

    /** Milliseconds since the epoch. */
    long now() {
        return now;
    }

    /** When the broker appended the newest frame, by its clock of that moment, in milliseconds since the epoch. */
    long appendedAt() {
        return appendedAt;
    }

    /** Milliseconds since some moment of the camera's own. */
    long motion() {
        return motion;
    }

    byte[] write() {
        return Row.of(out -> {
            out.writeLong(now);
            out.writeLong(setBack);
            out.writeLong(newest);
            out.writeLong(appendedAt);
            out.writeLong(motion);
            out.writeLong(captured);
            out.writeByte(recent.size());
            for (long name : recent) {
                out.writeLong(name);
            }
        });
    }

    /** @throws java.io.UncheckedIOException if the bytes are not a clock of this build's format */
    static CameraClock read(byte[] bytes) {
        return Row.read(bytes, in -> {
            CameraClock clock = new CameraClock();
            clock.now = in.readLong();
            clock.setBack = in.readLong();
            clock.newest = in.readLong();
            clock.appendedAt = in.readLong();
            clock.motion = in.readLong();
            clock.captured = in.readLong();
            for (int n = in.readByte(); n > 0; n--) {
                clock.recent.addLast(in.readLong());
            }
            return clock;
        });
    }
}
