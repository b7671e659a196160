package io.facestream.frames;

import static org.bytedeco.opencv.global.opencv_core.ROTATE_180;
import static org.bytedeco.opencv.global.opencv_core.ROTATE_90_CLOCKWISE;
import static org.bytedeco.opencv.global.opencv_core.ROTATE_90_COUNTERCLOCKWISE;
import static org.bytedeco.opencv.global.opencv_core.rotate;

import java.util.Optional;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * A decoded picture, upright (EXIF orientation applied), as 8-bit RGB in native memory: {@code CV_8UC3}, rows top to
 * bottom, continuous. Pixel coordinates everywhere in FaceStream are those of the upright picture, origin at the top
 * left. Owns its pixels, so it must be closed.
 */
public final class Picture implements AutoCloseable {
    private final Mat rgb;
    private final String damage;

    /** Takes over {@code rgb}, a continuous {@code CV_8UC3} matrix in RGB order. */
    public Picture(Mat rgb) {
        this(rgb, null);
    }

    /** Like the public constructor; {@code damage} describes the parts that the decoder filled in, null if none. */
    Picture(Mat rgb, String damage) {
        if (rgb.channels() != 3 || rgb.elemSize1() != 1 || !rgb.isContinuous()) {
            throw new IllegalArgumentException(
                    "a picture must be 8-bit RGB and continuous, not " + rgb.channels() + " channels");
        }
        this.rgb = rgb;
        this.damage = damage;
    }

    /** The pixels: read only, and only while this picture is open. */
    public Mat rgb() {
        return rgb;
    }

    public int width() {
        return rgb.cols();
    }

    public int height() {
        return rgb.rows();
    }

    /**
     * A copy, turned clockwise, with the same damage; close both.
     *
     * @param degrees 90, 180 or 270
     */
    public Picture turned(int degrees) {
        int how =
                switch (degrees) {
                    case 90 -> ROTATE_90_CLOCKWISE;
                    case 180 -> ROTATE_180;
                    case 270 -> ROTATE_90_COUNTERCLOCKWISE;
                    default ->
                        throw new IllegalArgumentException(
                                "a picture can be turned by 90, 180 or 270 degrees, not " + degrees);
                };
        Mat turned = new Mat();
        rotate(rgb, turned, how);
        return new Picture(turned, damage);
    }

    /** A description of the lost parts; empty if the picture is complete. */
    public Optional<String> damage() {
        return Optional.ofNullable(damage);
    }

    /** Whether parts of the picture were lost and filled in by the decoder. */
    public boolean damaged() {
        return damage != null;
    }

    @Override
    public void close() {
        rgb.close();
    }
}
