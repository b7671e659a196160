package io.facestream.photos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.bytedeco.opencv.global.opencv_core.BORDER_REPLICATE;
import static org.bytedeco.opencv.global.opencv_imgproc.GaussianBlur;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.getRotationMatrix2D;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;
import static org.bytedeco.opencv.global.opencv_imgproc.warpAffine;

import io.facestream.frames.Picture;
import java.util.Random;
import java.util.zip.CRC32;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Point2f;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * What makes a face hard to recognise, done to the whole picture before a face is looked for, as a camera would. How
 * much is drawn for each photo.
 */
public enum Hardship {
    NONE {
        @Override
        Mat of(Mat rgb, Random random) {
            return rgb.clone();
        }
    },
    /** Shrunk to a fifth to three fifths. */
    SMALL {
        @Override
        Mat of(Mat rgb, Random random) {
            double scale = between(0.2, 0.6, random);
            Mat small = new Mat();
            try (Size size = new Size((int) (rgb.cols() * scale), (int) (rgb.rows() * scale))) {
                resize(rgb, small, size, 0, 0, INTER_AREA);
            }
            return small;
        }
    },
    /** Out of focus: a Gaussian of 0.4 to 2 % of the picture's width. */
    BLURRED {
        @Override
        Mat of(Mat rgb, Random random) {
            Mat blurred = new Mat();
            try (Size kernel = new Size(0, 0)) {
                GaussianBlur(rgb, blurred, kernel, rgb.cols() * between(0.004, 0.02, random));
            }
            return blurred;
        }
    },
    /** Gaussian noise with a standard deviation of 10 to 50 of 255. */
    NOISY {
        @Override
        Mat of(Mat rgb, Random random) {
            return degraded(rgb, 1, between(10, 50, random), 95, random);
        }
    },
    /** JPEG of quality 3 to 15. */
    COMPRESSED {
        @Override
        Mat of(Mat rgb, Random random) {
            return degraded(rgb, 1, 0, 3 + random.nextInt(13), random);
        }
    },
    /** From afar: shrunk to a tenth to a third, with noise and compression, and enlarged again. */
    FAR {
        @Override
        Mat of(Mat rgb, Random random) {
            return degraded(rgb, between(0.1, 0.33, random), 4, 60, random);
        }
    },
    /** A twentieth to a quarter of the light, and the noise of a sensor. */
    DARK {
        @Override
        Mat of(Mat rgb, Random random) {
            Mat dark = new Mat();
            rgb.convertTo(dark, -1, between(0.05, 0.25, random), 0);
            try (dark) {
                return degraded(dark, 1, 3, 90, random);
            }
        }
    },
    /** Turned by 15 to 60 degrees to either side. */
    TURNED {
        @Override
        Mat of(Mat rgb, Random random) {
            double degrees = between(15, 60, random) * (random.nextBoolean() ? 1 : -1);
            Mat turned = new Mat();
            try (Point2f centre = new Point2f(rgb.cols() / 2f, rgb.rows() / 2f);
                    Mat rotation = getRotationMatrix2D(centre, degrees, 1);
                    Size size = rgb.size();
                    Scalar black = new Scalar(0, 0, 0, 0)) {
                warpAffine(rgb, turned, rotation, size, INTER_LINEAR, BORDER_REPLICATE, black);
            }
            return turned;
        }
    },
    UPSIDE_DOWN {
        @Override
        Mat of(Mat rgb, Random random) {
            try (Picture picture = new Picture(rgb.clone())) {
                return picture.turned(180).rgb();
            }
        }
    },
    /** Grey from one side, or from below, to the middle: a part that was lost, or is covered. */
    HALF_GREY {
        @Override
        Mat of(Mat rgb, Random random) {
            Mat covered = rgb.clone();
            int width = rgb.cols();
            int height = rgb.rows();
            int side = random.nextInt(3);
            try (Rect half = side == 2
                            ? new Rect(0, height / 2, width, height - height / 2)
                            : new Rect(side * (width / 2), 0, width / 2, height);
                    Mat part = covered.apply(half);
                    Scalar grey = new Scalar(128, 128, 128, 0)) {
                part.put(grey);
            }
            return covered;
        }
    };

    abstract Mat of(Mat rgb, Random random);

    /**
     * A copy of a picture with this hardship. The caller closes both.
     *
     * @param photo its label: with the seed, it decides how much
     */
    public Picture of(Picture picture, String photo, long seed) {
        CRC32 hash = new CRC32();
        hash.update((name() + " " + photo).getBytes(UTF_8));
        return new Picture(of(picture.rgb(), new Random(seed * 31 + hash.getValue())));
    }

    private static double between(double least, double most, Random random) {
        return least + (most - least) * random.nextDouble();
    }

    private static Mat degraded(Mat rgb, double scale, double noise, int jpegQuality, Random random) {
        Mat degraded = rgb.clone();
        int size = Math.max(1, (int) (rgb.cols() * scale));
        new Degradation(size, 0, noise, jpegQuality).apply(degraded, random);
        return degraded;
    }
}
