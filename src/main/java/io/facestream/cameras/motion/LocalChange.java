package io.facestream.cameras.motion;

import static org.bytedeco.opencv.global.opencv_core.CMP_GT;
import static org.bytedeco.opencv.global.opencv_core.CV_16S;
import static org.bytedeco.opencv.global.opencv_core.CV_32F;
import static org.bytedeco.opencv.global.opencv_core.CV_32FC1;
import static org.bytedeco.opencv.global.opencv_core.addWeighted;
import static org.bytedeco.opencv.global.opencv_core.compare;
import static org.bytedeco.opencv.global.opencv_core.convertScaleAbs;
import static org.bytedeco.opencv.global.opencv_core.countNonZero;
import static org.bytedeco.opencv.global.opencv_core.multiply;
import static org.bytedeco.opencv.global.opencv_core.sqrt;
import static org.bytedeco.opencv.global.opencv_core.subtract;
import static org.bytedeco.opencv.global.opencv_imgproc.accumulateWeighted;
import static org.bytedeco.opencv.global.opencv_imgproc.boxFilter;

import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Finds what is too faint for single pixels, such as a face as bright as the wall behind it, or one at night. It looks
 * at the mean absolute difference from the background in small neighbourhoods, without what changes smoothly, which is
 * light; and compares it with what it usually is there. A neighbourhood of 25 pixels has a fifth of a pixel's noise.
 */
final class LocalChange implements AutoCloseable {
    /** Standard deviations above the usual change. */
    private static final double DEVIATIONS = 6;

    /** Grey levels beyond that: a stream's compression moves whole blocks by one now and then. */
    private static final double LEAST = 1.5;

    /** Before anything is known about a camera's noise: the usual change, and its square's mean. */
    private static final double USUAL = 1.5;

    private static final double USUAL_SQUARE = 2.5;

    private final Size neighbourhood = new Size(5, 5);
    private final Size surroundings = new Size(15, 15);
    private final Mat difference = new Mat();
    private final Mat none = new Mat();
    private final Mat smooth = new Mat();
    private final Mat absolute = new Mat();
    private final Mat change = new Mat();
    private final Mat square = new Mat();
    private final Mat changed = new Mat();
    private final Mat usual;
    private final Mat usualSquare;
    private final Mat limit;

    LocalChange(int width, int height) {
        usual = new Mat(height, width, CV_32FC1, Scalar.all(USUAL));
        usualSquare = new Mat(height, width, CV_32FC1, Scalar.all(USUAL_SQUARE));
        limit = new Mat(height, width, CV_32FC1);
        setLimit();
    }

    /** Looks at a frame. */
    void find(Mat frame, Mat background) {
        subtract(frame, background, difference, none, CV_16S);
        boxFilter(difference, smooth, CV_16S, surroundings);
        subtract(difference, smooth, difference);
        convertScaleAbs(difference, absolute);
        boxFilter(absolute, change, CV_32F, neighbourhood);
        compare(change, limit, changed, CMP_GT);
    }

    /** Where the neighbourhoods of the last frame have changed: 255; belongs to this object. */
    Mat changed() {
        return changed;
    }

    /** How many pixels {@link #changed()} has. */
    int count() {
        return countNonZero(changed);
    }

    /**
     * Learns how much the frame that was looked at last differs from the background.
     *
     * @param where 255 for the pixels of the background
     * @param rate the weight of this frame, 0 to 1
     */
    void learn(Mat where, double rate) {
        multiply(change, change, square);
        accumulateWeighted(change, usual, rate, where);
        accumulateWeighted(square, usualSquare, rate, where);
        setLimit();
    }

    private void setLimit() {
        multiply(usual, usual, limit);
        subtract(usualSquare, limit, limit);
        sqrt(limit, limit);
        addWeighted(limit, DEVIATIONS, usual, 1, LEAST, limit);
    }

    @Override
    public void close() {
        neighbourhood.close();
        surroundings.close();
        difference.close();
        none.close();
        smooth.close();
        absolute.close();
        change.close();
        square.close();
        changed.close();
        usual.close();
        usualSquare.close();
        limit.close();
    }
}
