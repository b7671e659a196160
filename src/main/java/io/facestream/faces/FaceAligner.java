package io.facestream.faces;

import static org.bytedeco.opencv.global.opencv_core.BORDER_CONSTANT;
import static org.bytedeco.opencv.global.opencv_core.CV_64F;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.warpAffine;

import io.facestream.frames.Picture;
import java.nio.DoubleBuffer;
import java.util.List;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Cuts a face out of a picture so that eyes, nose and mouth come to lie where recognition networks expect them.
 *
 * <p>The result, a chip, is {@value #CHIP_SIZE}x{@value #CHIP_SIZE}. Its middle {@value #TEMPLATE_SIZE}x{@value
 * #TEMPLATE_SIZE} is a face aligned to ArcFace's template (Deng et al., "ArcFace: Additive Angular Margin Loss for Deep
 * Face Recognition", CVPR 2019); the margin around it serves augmentation and networks that see more of the head.
 */
public final class FaceAligner {
    /** Width and height of a chip, in pixels. */
    public static final int CHIP_SIZE = 160;

    /** Width and height that ArcFace's template is made for, in pixels. */
    public static final int TEMPLATE_SIZE = 112;

    private static final int MARGIN = (CHIP_SIZE - TEMPLATE_SIZE) / 2;

    /** Where the five points come to lie in a chip. The subject's right is on the picture's left. */
    static final Landmarks TEMPLATE = new Landmarks(
            templatePoint(73.5318f, 51.5014f),
            templatePoint(38.2946f, 51.6963f),
            templatePoint(56.0252f, 71.7366f),
            templatePoint(70.7299f, 92.2041f),
            templatePoint(41.5493f, 92.3655f));

    private FaceAligner() {}

    private static Point templatePoint(float x, float y) {
        return new Point(x + MARGIN, y + MARGIN);
    }

    /**
     * The chip of the face with those landmarks; black where it reaches beyond the picture. The caller closes it.
     *
     * @throws IllegalArgumentException if the landmarks all coincide
     */
    public static Picture align(Picture picture, Landmarks landmarks) {
        SimilarityTransform transform = SimilarityTransform.between(points(landmarks), points(TEMPLATE));
        Mat chip = new Mat();
        try (Mat matrix = new Mat(2, 3, CV_64F);
                Size size = new Size(CHIP_SIZE, CHIP_SIZE);
                Scalar black = new Scalar(0, 0, 0, 0)) {
            matrix.<DoubleBuffer>createBuffer().put(transform.matrix());
            warpAffine(picture.rgb(), chip, matrix, size, INTER_LINEAR, BORDER_CONSTANT, black);
        }
        return new Picture(chip);
    }

    private static List<Point> points(Landmarks landmarks) {
        return List.of(
                landmarks.leftEye(),
                landmarks.rightEye(),
                landmarks.nose(),
                landmarks.leftMouth(),
                landmarks.rightMouth());
    }
}
