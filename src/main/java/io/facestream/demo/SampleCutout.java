package io.facestream.demo;

import static org.bytedeco.opencv.global.opencv_core.BORDER_CONSTANT;
import static org.bytedeco.opencv.global.opencv_core.BORDER_REPLICATE;
import static org.bytedeco.opencv.global.opencv_core.CV_32SC2;
import static org.bytedeco.opencv.global.opencv_core.CV_64F;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_core.add;
import static org.bytedeco.opencv.global.opencv_core.bitwise_not;
import static org.bytedeco.opencv.global.opencv_core.copyMakeBorder;
import static org.bytedeco.opencv.global.opencv_core.multiply;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;
import static org.bytedeco.opencv.global.opencv_imgproc.GaussianBlur;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.LINE_AA;
import static org.bytedeco.opencv.global.opencv_imgproc.blur;
import static org.bytedeco.opencv.global.opencv_imgproc.fillPoly;
import static org.bytedeco.opencv.global.opencv_imgproc.line;
import static org.bytedeco.opencv.global.opencv_imgproc.pyrDown;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;
import static org.bytedeco.opencv.global.opencv_imgproc.warpPerspective;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.bytedeco.javacpp.indexer.IntIndexer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.MatVector;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * A person cut out of a portrait, on a torso that goes on below the photo's lower edge, ready to be pasted into a
 * frame.
 *
 * <p>Colours are premultiplied with a soft-edged alpha (Porter and Duff, "Compositing Digital Images", 1984), so that
 * warping never drags the photo's background in. They are kept as a pyramid of halved sizes, so that a small face is
 * not aliased.
 */
final class SampleCutout implements AutoCloseable {

    /** How a person stands in front of the camera: the face's centre and height in frame pixels, angles in radians. */
    record Pose(double x, double y, double faceHeight, double roll, double yaw) {}

    /** BGR times alpha, and alpha in three equal channels. */
    private record Level(Mat colour, Mat alpha) {}

    /** Room beside the photo for the shoulders that it cuts off, in face heights. */
    private static final double SIDE = 1.5;

    /** Room below the photo, in face heights: the smallest face has three of them between chin and counter. */
    private static final double BELOW = 4;

    /**
     * Right half of the torso, from the neck down: x from the face's middle, y from the chin, in face heights. No wider
     * than the shoulders in the photos that have any, so that it shows only where a photo ends.
     */
    private static final double[][] TORSO = {
        {0.28, -0.05}, {0.45, 0.14}, {0.70, 0.30}, {0.90, 0.45}, {1.00, 0.62}, {1.06, 1.0}, {1.10, 2}, {1.12, 5}
    };

    /** Brightness of the torso's sides as a share of its middle's: cloth turning away from the light. */
    private static final double SIDE_SHADE = 0.7;

    /** Width of the ramp between the two, in face heights. */
    private static final double SHADE_RAMP = 0.7;

    /** Width of the lit middle as a share of the torso's. */
    private static final double LIT = 0.6;

    /** Seams of the clothes: the buttons' and where the arms hang, as x1 y1 x2 y2 in the torso's terms. */
    private static final double[][] SEAMS = {{0, 0.1, 0, 5}, {0.74, 0.8, 0.78, 5}, {-0.74, 0.8, -0.78, 5}};

    /** Height over which a photo's lower edge fades into the torso, in face heights. */
    private static final double FADE = 0.12;

    /**
     * Standard deviation of the soft edge, in face heights: 1 px on a face of 80 px, about what a lens in focus draws.
     */
    private static final double FEATHER = 0.0125;

    /** The distance from which the portrait is seen, in face heights: about 1.2 m, as for a camera in a doorway. */
    private static final double VIEWING_DISTANCE = 5;

    /**
     * Greatest height of the face in pixels. The largest in the clip has 125, so larger photos are scaled down to
     * this...
     */
    private static final int LARGEST_FACE = 128;

    /** ...and halved once for faces below half of it; the smallest has 50 px. */
    private static final int LEVELS = 2;

    private final double faceX;
    private final double faceY;
    private final double faceHeight;
    private final List<Level> pyramid = new ArrayList<>();

    SampleCutout(SamplePortrait portrait) {
        try (var scope = new PointerScope()) {
            var photo = imdecode(new Mat(portrait.photo()), IMREAD_COLOR);
            var face = portrait.face();
            double scale = Math.min(1, (double) LARGEST_FACE / face.height());
            resize(photo, photo, new Size(), scale, scale, INTER_AREA);
            faceHeight = scale * face.height();
            int side = (int) (SIDE * faceHeight);
            faceX = side + scale * (face.x() + face.width() / 2.0);
            faceY = scale * (face.y() + face.height() / 2.0);

            multiply(photo, new Mat(photo.size(), CV_8UC3, bgr(portrait.light(), 1)), photo, 1 / 255.0, -1);
            var headColour = new Mat();
            copyMakeBorder(photo, headColour, 0, (int) (BELOW * faceHeight), side, side, BORDER_REPLICATE);
            var headAlpha = mask(headColour.size(), outline(portrait, scale, side));
            fadeOut(headAlpha, photo.rows());
            multiply(headColour, headAlpha, headColour, 1 / 255.0, -1);

            var colour = new Mat(headColour.size(), CV_8UC3, bgr(portrait.clothes(), SIDE_SHADE));
            fillPoly(colour, corners(torso(LIT)), bgr(portrait.clothes(), 1));
            int ramp = (int) (SHADE_RAMP * faceHeight);
            blur(colour, colour, new Size(ramp, ramp));
            seams(colour, bgr(portrait.clothes(), SIDE_SHADE * SIDE_SHADE));
            var alpha = mask(colour.size(), torso(1));
            multiply(colour, alpha, colour, 1 / 255.0, -1);

            over(headColour, headAlpha, colour);
            over(headAlpha, headAlpha, alpha);
            keepHalves(colour, alpha);
        }
    }

    /** Pastes the person into a BGR frame. */
    void paste(Mat frame, Pose pose) {
        double scale = pose.faceHeight() / faceHeight;
        int depth = 0;
        while (depth < LEVELS - 1 && scale * (2 << depth) <= 1) {
            depth++;
        }
        var level = pyramid.get(depth);
        try (var scope = new PointerScope()) {
            var warp = homography(pose, scale, 1 << depth);
            var colour = new Mat();
            var alpha = new Mat();
            warpPerspective(level.colour, colour, warp, frame.size(), INTER_LINEAR, BORDER_CONSTANT, Scalar.all(0));
            warpPerspective(level.alpha, alpha, warp, frame.size(), INTER_LINEAR, BORDER_CONSTANT, Scalar.all(0));
            over(colour, alpha, frame);
        }
    }

    @Override
    public void close() {
        for (var level : pyramid) {
            level.colour.close();
            level.alpha.close();
        }
    }

    /**
     * The portrait's plane, turned about the face's vertical axis by the yaw and seen from {@link #VIEWING_DISTANCE},
     * then rolled, scaled and moved to its place in the frame.
     *
     * @param scale frame pixels per cutout pixel
     * @param halved cutout pixels per pixel of the pyramid's level
     */
    private Mat homography(Pose pose, double scale, int halved) {
        double foreshortened = Math.cos(pose.yaw());
        double recede = Math.sin(pose.yaw()) / (VIEWING_DISTANCE * faceHeight);
        double cos = scale * Math.cos(pose.roll());
        double sin = scale * Math.sin(pose.roll());
        double[][] aboutFace = {
            {cos * foreshortened + pose.x() * recede, -sin, pose.x()},
            {sin * foreshortened + pose.y() * recede, cos, pose.y()},
            {recede, 0, 1}
        };
        var homography = new Mat(3, 3, CV_64F);
        try (DoubleIndexer cells = homography.createIndexer()) {
            for (int row = 0; row < 3; row++) {
                double[] of = aboutFace[row];
                cells.put(row, 0, of[0] * halved);
                cells.put(row, 1, of[1] * halved);
                cells.put(row, 2, of[2] - of[0] * faceX - of[1] * faceY);
            }
        }
        return homography;
    }

    private void keepHalves(Mat colour, Mat alpha) {
        var level = new Level(colour, alpha);
        for (int i = 0; i < LEVELS; i++) {
            level.colour.retainReference();
            level.alpha.retainReference();
            pyramid.add(level);
            var half = new Level(new Mat(), new Mat());
            pyrDown(level.colour, half.colour);
            pyrDown(level.alpha, half.alpha);
            level = half;
        }
    }

    /**
     * Porter and Duff's "over", in place: what lies below is dimmed by the alpha above, then the colour above is added.
     */
    private static void over(Mat colour, Mat alpha, Mat below) {
        try (var scope = new PointerScope()) {
            var through = new Mat();
            bitwise_not(alpha, through);
            multiply(below, through, below, 1 / 255.0, -1);
            add(below, colour, below);
        }
    }

    /** 255 inside the polygon and 0 outside, with a soft edge; three equal channels. */
    private Mat mask(Size canvas, List<double[]> polygon) {
        var mask = new Mat(canvas, CV_8UC3, Scalar.all(0));
        fillPoly(mask, corners(polygon), Scalar.all(255));
        GaussianBlur(mask, mask, new Size(), FEATHER * faceHeight);
        return mask;
    }

    /** Fades the alpha to zero towards the photo's lower edge, so that no line shows there. */
    private void fadeOut(Mat alpha, int edge) {
        alpha.rowRange(edge, alpha.rows()).put(Scalar.all(0));
        int rows = (int) (FADE * faceHeight);
        for (int i = 0; i < rows; i++) {
            var row = alpha.row(edge - 1 - i);
            row.convertTo(row, -1, (double) i / rows, 0);
        }
    }

    private void seams(Mat colour, Scalar shadow) {
        double chin = faceY + faceHeight / 2;
        for (double[] seam : SEAMS) {
            var from = new Point((int) (faceX + seam[0] * faceHeight), (int) (chin + seam[1] * faceHeight));
            var to = new Point((int) (faceX + seam[2] * faceHeight), (int) (chin + seam[3] * faceHeight));
            line(colour, from, to, shadow, 2, LINE_AA, 0);
        }
        GaussianBlur(colour, colour, new Size(), FEATHER * faceHeight);
    }

    private static List<double[]> outline(SamplePortrait portrait, double scale, int side) {
        return portrait.outline().stream()
                .map(corner -> new double[] {scale * corner.x() + side, scale * corner.y()})
                .toList();
    }

    private List<double[]> torso(double width) {
        var polygon = new ArrayDeque<double[]>();
        for (double[] corner : TORSO) {
            double dx = width * corner[0] * faceHeight;
            double y = faceY + (0.5 + corner[1]) * faceHeight;
            polygon.addFirst(new double[] {faceX - dx, y});
            polygon.addLast(new double[] {faceX + dx, y});
        }
        return List.copyOf(polygon);
    }

    private static MatVector corners(List<double[]> polygon) {
        var corners = new Mat(polygon.size(), 1, CV_32SC2);
        try (IntIndexer cells = corners.createIndexer()) {
            for (int i = 0; i < polygon.size(); i++) {
                cells.put(i, 0, 0, (int) Math.round(polygon.get(i)[0]));
                cells.put(i, 0, 1, (int) Math.round(polygon.get(i)[1]));
            }
        }
        return new MatVector(corners);
    }

    private static Scalar bgr(int rgb, double factor) {
        return new Scalar(factor * (rgb & 0xff), factor * (rgb >> 8 & 0xff), factor * (rgb >> 16 & 0xff), 0);
    }
}
