package io.facestream.video;

import static org.bytedeco.opencv.global.opencv_core.ROTATE_180;
import static org.bytedeco.opencv.global.opencv_core.ROTATE_90_CLOCKWISE;
import static org.bytedeco.opencv.global.opencv_core.ROTATE_90_COUNTERCLOCKWISE;
import static org.bytedeco.opencv.global.opencv_core.flip;
import static org.bytedeco.opencv.global.opencv_core.rotate;

import org.bytedeco.opencv.opencv_core.Mat;

/**
 * The transformation that makes a picture upright.
 *
 * @param mirrored whether left and right are swapped first
 * @param quarterTurns clockwise, 0 to 3
 */
record Orientation(boolean mirrored, int quarterTurns) {
    static final Orientation UPRIGHT = new Orientation(false, 0);

    Orientation {
        quarterTurns = Math.floorMod(quarterTurns, 4);
    }

    /**
     * From the upper left part of a display matrix, as defined by FFmpeg and ISO/IEC 14496-12 (8.3.2): (x, y) is shown
     * at (ax + cy, bx + dy).
     */
    static Orientation of(long a, long b, long c, long d) {
        boolean mirrored = a * d - b * c < 0;
        double angle = mirrored ? Math.atan2(-b, -a) : Math.atan2(b, a);
        return new Orientation(mirrored, (int) Math.round(angle / (Math.PI / 2)));
    }

    Orientation turnedOn(int quarters) {
        return new Orientation(mirrored, quarterTurns + quarters);
    }

    /** Whether there is nothing to do. */
    boolean isUpright() {
        return equals(UPRIGHT);
    }

    /** Writes the upright picture to {@code upright}; call it only if the picture is not upright. */
    void apply(Mat picture, Mat upright) {
        if (mirrored) {
            flip(picture, picture, 1);
        }
        switch (quarterTurns) {
            case 1 -> rotate(picture, upright, ROTATE_90_CLOCKWISE);
            case 2 -> rotate(picture, upright, ROTATE_180);
            case 3 -> rotate(picture, upright, ROTATE_90_COUNTERCLOCKWISE);
            default -> picture.copyTo(upright);
        }
    }
}
