package io.facestream.frames;

import static org.bytedeco.opencv.global.opencv_core.flip;
import static org.bytedeco.opencv.global.opencv_core.transpose;

import org.bytedeco.opencv.opencv_core.Mat;

/**
 * How a stored picture is turned and mirrored for display: {@code x' = a x + c y}, {@code y' = b x + d y}, with a, b, c
 * and d at 0, 1, 3 and 4 of the nine numbers of ISO/IEC 14496-12, 6.2.2.
 */
final class DisplayMatrix {
    private static final int BOTH = -1;
    private static final int UPSIDE_DOWN = 0;
    private static final int LEFT_TO_RIGHT = 1;

    private DisplayMatrix() {}

    /** Returns a copy as displayed. Only quarter turns and mirrors are applied; a null matrix changes nothing. */
    static Mat apply(int[] matrix, Mat stored) {
        Mat shown = new Mat();
        if (matrix == null) {
            stored.copyTo(shown);
            return shown;
        }
        boolean swapped = Math.abs((long) matrix[1]) > Math.abs((long) matrix[0]);
        int acrossX = swapped ? matrix[3] : matrix[0];
        int acrossY = swapped ? matrix[1] : matrix[4];
        try (Mat upright = new Mat()) {
            if (swapped) {
                transpose(stored, upright);
            } else {
                stored.copyTo(upright);
            }
            if (acrossX >= 0 && acrossY >= 0) {
                upright.copyTo(shown);
            } else {
                flip(upright, shown, acrossX < 0 ? (acrossY < 0 ? BOTH : LEFT_TO_RIGHT) : UPSIDE_DOWN);
            }
        }
        return shown;
    }
}
