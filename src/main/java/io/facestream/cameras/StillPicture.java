package io.facestream.cameras;

import io.facestream.video.GreyPicture;
import java.time.Duration;
import java.util.Arrays;

/** Notices a camera that goes on sending the same picture: the stream lives, and the camera does not. */
final class StillPicture {
    private final long nanos;
    private int last;
    private long since = Long.MIN_VALUE;

    StillPicture(Duration after) {
        nanos = after.toNanos();
    }

    /** Whether the pictures have been the same, bit by bit, for so long. */
    boolean isFrozen(GreyPicture picture, long now) {
        int hash = 31 * Arrays.hashCode(picture.pixels()) + picture.width();
        if (since == Long.MIN_VALUE || hash != last) {
            last = hash;
            since = now;
        }
        return now - since >= nanos;
    }
}
