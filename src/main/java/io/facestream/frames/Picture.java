package io.facestream.frames;

import org.bytedeco.opencv.opencv_core.Mat;

/**
 * A decoded picture, upright (EXIF orientation applied), as 8-bit RGB in native memory: {@code CV_8UC3}, rows top to
 * bottom, continuous. Pixel coordinates everywhere in FaceStream are those of the upright picture, origin at the top
 * left. Owns its pixels: close it.
 */
public final class Picture implements AutoCloseable {
    private final Mat rgb;

    /** Takes over {@code rgb}, a continuous {@code CV_8UC3} matrix in RGB order. */
    public Picture(Mat rgb) {
        if (rgb.channels() != 3 || rgb.elemSize1() != 1 || !rgb.isContinuous()) {
            throw new IllegalArgumentException(
                    "a picture is 8-bit RGB and continuous, not " + rgb.channels() + " channels");
        }
        this.rgb = rgb;
    }

    /** The pixels; to be read, not written, and only while this picture is open. */
    public Mat rgb() {
        return rgb;
    }

    public int width() {
        return rgb.cols();
    }

    public int height() {
        return rgb.rows();
    }

    @Override
    public void close() {
        rgb.close();
    }
}
