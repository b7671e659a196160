package io.facestream.photos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.bytedeco.opencv.global.opencv_core.BORDER_REPLICATE;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_core.LUT;
import static org.bytedeco.opencv.global.opencv_imgproc.GaussianBlur;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.getRotationMatrix2D;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;
import static org.bytedeco.opencv.global.opencv_imgproc.warpAffine;

import io.facestream.frames.Picture;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.util.Random;
import java.util.zip.CRC32;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Point2f;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * One frame of somebody who walks towards a camera, made from a photo. The photo comes nearer from frame to frame,
 * sways, and stands a little beside the middle; the camera exposes, focuses, adds noise and compresses as the demo's
 * does. Exposure, tone curve and white balance are drawn once for a visit, focus, noise and compression for each frame.
 *
 * @param index of the frame in its visit, 0 to below {@code frames}
 * @param frames of the visit, at least 2
 * @param seed of the random draws, which otherwise depend only on the photo's label and the index
 */
public record VisitFrame(int index, int frames, long seed) implements PhotoChange {
    /** Width and height of a frame, in pixels. */
    public static final int SIDE = 320;

    /** Steps of an unhurried walk, per frame at 5 frames/s. */
    private static final double STEPS = 0.36;

    private static final double SWAY_DEGREES = 3;
    private static final double LEAN_DEGREES = 2;

    /** How far beside the middle, as a share of the frame's side. */
    private static final double BESIDE = 0.03;

    private static final int LEVELS = 256;

    public VisitFrame {
        if (frames < 2 || index < 0 || index >= frames) {
            throw new IllegalArgumentException(
                    "a visit has 2 frames or more, numbered from 0, not " + frames + " and number " + index);
        }
    }

    @Override
    public Picture of(Picture picture, String photo) {
        Random ofVisit = random("visit " + photo);
        Random ofFrame = random("frame " + index + " " + photo);
        Mat frame = new Mat();
        try (PointerScope scope = new PointerScope()) {
            stand(picture.rgb(), frame, ofVisit, ofFrame);
            GaussianBlur(frame, frame, new Size(0, 0), between(0.5, 1.2, ofFrame));
            expose(frame, ofVisit);
            Degradation.addNoise(frame, between(3, 6, ofFrame), ofFrame);
            Degradation.compress(frame, 70 + ofFrame.nextInt(11));
            return new Picture(frame.clone().retainReference());
        }
    }

    private Random random(String what) {
        CRC32 hash = new CRC32();
        hash.update(what.getBytes(UTF_8));
        return new Random(seed * 31 + hash.getValue());
    }

    private static double between(double least, double most, Random random) {
        return least + (most - least) * random.nextDouble();
    }

    /** Places the photo: its longer side is half of the frame's at first, and three quarters at last. */
    private void stand(Mat photo, Mat frame, Random ofVisit, Random ofFrame) {
        double far = between(0.47, 0.6, ofVisit);
        double near = between(0.7, 0.86, ofVisit);
        double phase = between(0, 2 * Math.PI, ofVisit);
        double way = index / (frames - 1.0);
        double scale = (far + way * (near - far)) * SIDE / Math.max(photo.cols(), photo.rows());
        double roll = SWAY_DEGREES * Math.sin(phase + Math.PI * STEPS * index) + LEAN_DEGREES * Math.cos(Math.PI * way);
        Mat small = photo;
        if (scale < 1) {
            small = new Mat();
            resize(photo, small, new Size(side(photo.cols(), scale), side(photo.rows(), scale)), 0, 0, INTER_AREA);
            scale = 1;
        }
        Mat place = getRotationMatrix2D(new Point2f(small.cols() / 2f, small.rows() / 2f), roll, scale);
        move(place, 0, SIDE * (0.5 + between(-BESIDE, BESIDE, ofFrame)) - small.cols() / 2.0);
        move(place, 1, SIDE * (0.5 + between(-BESIDE, BESIDE, ofFrame)) - small.rows() / 2.0);
        warpAffine(small, frame, place, new Size(SIDE, SIDE), INTER_LINEAR, BORDER_REPLICATE, new Scalar(0, 0, 0, 0));
    }

    private static int side(int pixels, double scale) {
        return Math.max(1, (int) Math.round(pixels * scale));
    }

    private static void move(Mat matrix, int row, double by) {
        DoubleBuffer values = matrix.createBuffer();
        values.put(3 * row + 2, values.get(3 * row + 2) + by);
    }

    private static void expose(Mat frame, Random ofVisit) {
        double gain = between(0.86, 1.1, ofVisit);
        double gamma = between(0.89, 1.15, ofVisit);
        double warmth = between(0.98, 1.06, ofVisit);
        double[] balance = {warmth, 1, 1 / warmth};
        Mat curve = new Mat(1, LEVELS, CV_8UC3);
        ByteBuffer values = curve.createBuffer();
        for (int level = 0; level < LEVELS; level++) {
            for (double channel : balance) {
                double exposed = 255 * gain * channel * StrictMath.pow(level / 255.0, gamma);
                values.put((byte) Math.min(255, Math.round(exposed)));
            }
        }
        LUT(frame, curve, frame);
    }
}
