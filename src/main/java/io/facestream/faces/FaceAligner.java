package io.facestream.faces;

import static org.bytedeco.opencv.global.opencv_core.BORDER_CONSTANT;
import static org.bytedeco.opencv.global.opencv_core.CV_64F;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;
import static org.bytedeco.opencv.global.opencv_imgproc.warpAffine;

import io.facestream.frames.Picture;
import java.nio.DoubleBuffer;
import java.util.List;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Cuts a face out of a picture so that eyes, nose and mouth are where recognition networks expect them.
 *
 * <p>The result, a chip, is {@value #CHIP_SIZE}x{@value #CHIP_SIZE}. Its middle {@value #TEMPLATE_SIZE}x{@value
 * #TEMPLATE_SIZE} is a face aligned to ArcFace's template (Deng et al., "ArcFace: Additive Angular Margin Loss for Deep
 * Face Recognition", CVPR 2019); the margin around it is for augmentation and for networks that see more of the head.
 */
public final class FaceAligner {
    /** Width and height of a chip, in pixels. */
    public static final int CHIP_SIZE = 160;

    /** Width and height of ArcFace's template, in pixels. */
    public static final int TEMPLATE_SIZE = 112;

    private static final int MARGIN = (CHIP_SIZE - TEMPLATE_SIZE) / 2;

    /** The positions of the five points in a chip. The subject's right is on the picture's left. */
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
     * Returns the chip of the face with those landmarks, black outside the picture. The caller closes it.
     *
     * @throws IllegalArgumentException if the landmarks all coincide
     */
    public static Picture align(Picture picture, Landmarks landmarks) {
        SimilarityTransform toChip = SimilarityTransform.between(points(landmarks), points(TEMPLATE));
        int shrinkage = (int) (1 / toChip.scale());
        if (shrinkage < 2) {
            return new Picture(warp(picture.rgb(), toChip));
        }
        try (Rect part = partBehindChip(picture, toChip, shrinkage)) {
            boolean outside = part.width() <= 0 || part.height() <= 0;
            return new Picture(
                    outside ? warp(picture.rgb(), toChip) : warpShrunk(picture.rgb(), part, shrinkage, toChip));
        }
    }

    /**
     * First shrinks a face more than twice as large as the chip by a whole factor, averaging the replaced pixels.
     * Interpolation alone looks at four pixels and ignores the rest, which causes noise and moire.
     */
    private static Mat warpShrunk(Mat picture, Rect part, int shrinkage, SimilarityTransform toChip) {
        try (Mat large = picture.apply(part);
                Mat small = new Mat(part.height() / shrinkage, part.width() / shrinkage, CV_8UC3)) {
            resize(large, small, small.size(), 0, 0, INTER_AREA);
            double centre = (shrinkage - 1) / 2.0;
            return warp(small, toChip.after(shrinkage, part.x() + centre, part.y() + centre));
        }
    }

    private static Mat warp(Mat picture, SimilarityTransform toChip) {
        Mat chip = new Mat();
        try (Mat matrix = new Mat(2, 3, CV_64F);
                Size size = new Size(CHIP_SIZE, CHIP_SIZE);
                Scalar black = new Scalar(0, 0, 0, 0)) {
            matrix.<DoubleBuffer>createBuffer().put(toChip.matrix());
            warpAffine(picture, chip, matrix, size, INTER_LINEAR, BORDER_CONSTANT, black);
            return chip;
        } catch (RuntimeException e) {
            chip.close();
            throw e;
        }
    }

    /**
     * The part of the picture that the chip shows, in whole multiples of {@code unit}; empty if the chip lies outside
     * the picture.
     */
    private static Rect partBehindChip(Picture picture, SimilarityTransform toChip, int unit) {
        SimilarityTransform toPicture = toChip.inverse();
        Point centre = toPicture.apply(new Point(CHIP_SIZE / 2f, CHIP_SIZE / 2f));
        double half = CHIP_SIZE / 2.0 * (Math.abs(toPicture.a()) + Math.abs(toPicture.b())) + 2 * unit;
        int left = (int) Math.max(0, centre.x() - half);
        int top = (int) Math.max(0, centre.y() - half);
        int width = (int) Math.min(picture.width(), centre.x() + half) - left;
        int height = (int) Math.min(picture.height(), centre.y() + half) - top;
        return new Rect(left, top, width - width % unit, height - height % unit);
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
