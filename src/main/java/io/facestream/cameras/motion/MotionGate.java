package io.facestream.cameras.motion;

import io.facestream.video.GreyPicture;
import java.time.Duration;

/**
 * Decides which frames of a camera are worth looking at. It sees blobs that differ from the background, not faces: it
 * is open while one lives, and for {@code hold} after it. While it is shut, one frame passes every {@code keepAlive},
 * so that a dead camera and an empty room can be told apart, and every half of {@code absence} while anything but the
 * background is about, so that nobody's visit ends for standing still.
 *
 * <p>Give it every frame, in order. Not thread-safe.
 */
public final class MotionGate implements AutoCloseable {
    /**
     * About the longer side of the pictures that it looks at. A face of 40 pixels in a picture of 640 or 768 is 10
     * here, and its person 100 pixels in area or more. Where it is 8, 4 of 100 frames with somebody were lost in the
     * worst of the scenes that {@code bench gate} makes; where it is 10, 1.
     */
    public static final int LONGER_SIDE = 176;

    /**
     * How a gate times what passes.
     *
     * @param hold how long it stays open after the last blob
     * @param keepAlive the longest time without a frame
     * @param absence after so long without a frame a visit is over for those who read the events
     */
    public record Times(Duration hold, Duration keepAlive, Duration absence) {}

    private final Times times;
    private final long frameNanos;
    private final Scene scene;
    private final long busyKeepAlive;

    private boolean begun;
    private long passed;
    private long alive;
    private long busy;

    /** @param fps frames per second that it will see; positive */
    public MotionGate(Times times, double fps) {
        this.times = times;
        frameNanos = Math.round(1e9 / fps);
        scene = new Scene(fps);
        busyKeepAlive = Math.min(times.keepAlive.toNanos(), times.absence.toNanos() / 2);
    }

    /** @param nanos when the frame was taken, by System.nanoTime() or another clock that never jumps */
    public Verdict look(GreyPicture picture, long nanos) {
        Scene.Seen seen = scene.look(picture, nanos);
        if (!begun) {
            begun = true;
            passed = nanos - times.keepAlive.toNanos();
            alive = nanos - times.hold.toNanos() - 1;
            busy = alive;
        }
        if (seen == Scene.Seen.ALIVE) {
            alive = nanos;
        }
        if (seen != Scene.Seen.NOTHING) {
            busy = nanos;
        }
        long hold = times.hold.toNanos();
        if (nanos - alive <= hold) {
            passed = nanos;
            return Verdict.OPEN;
        }
        long interval = nanos - busy <= hold ? busyKeepAlive : times.keepAlive.toNanos();
        // The next frame would come too late.
        if (nanos - passed + frameNanos > interval) {
            passed = nanos;
            return Verdict.KEEP_ALIVE;
        }
        return Verdict.SHUT;
    }

    @Override
    public void close() {
        scene.close();
    }
}
