package io.facestream.demo;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgproc.GaussianBlur;

import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * The empty scene in front of the sample camera: a plastered wall with a notice board and a door, seen over a reception
 * counter. It is computed, not photographed. People walk between wall and counter, and the counter hides the ends of
 * their portraits.
 */
final class SampleRoom implements AutoCloseable {

    static final int WIDTH = 640;
    static final int HEIGHT = 480;

    /** A flat, upright rectangle on the wall, in one colour (0xRRGGBB). Later ones cover earlier ones. */
    private record Thing(int left, int top, int right, int bottom, int rgb) {
        boolean covers(int x, int y) {
            return x >= left && x < right && y >= top && y < bottom;
        }
    }

    /** Row of the counter's edge: low enough to leave the shoulders of a face of 120 px free. */
    private static final int COUNTER = 345;

    private static final Thing[] THINGS = {
        new Thing(0, 0, WIDTH, COUNTER, 0xB4B0A4), // wall
        new Thing(0, 0, WIDTH, 16, 0xC8C6C0), // ceiling
        new Thing(0, 318, WIDTH, COUNTER, 0x807C74), // skirting
        new Thing(452, 62, 604, COUNTER, 0x8E887C), // door frame
        new Thing(462, 72, 594, COUNTER, 0x6E6252), // door
        new Thing(474, 200, 488, 208, 0xB8B4A8), // its handle
        new Thing(52, 84, 196, 184, 0x5C4A38), // notice board's frame
        new Thing(57, 89, 191, 179, 0x98764E), // its cork
        new Thing(68, 98, 104, 148, 0xC8C8C0), // notices
        new Thing(112, 104, 140, 142, 0xB8C0C8),
        new Thing(148, 96, 182, 120, 0xC4BC90),
        new Thing(150, 130, 180, 170, 0xC8C4BC),
        new Thing(0, COUNTER, WIDTH, COUNTER + 9, 0xA08058), // counter's edge
        new Thing(0, COUNTER + 9, WIDTH, HEIGHT, 0x60482C) // its front
    };

    /**
     * Standard deviations of the plaster's coarse and fine unevenness, in grey levels: visible, yet weaker than the
     * sensor's noise.
     */
    private static final double COARSE = 2.5;

    private static final double FINE = 1.2;

    /** Pixels from one patch of plaster to the next. */
    private static final int PATCH = 32;

    /** Any number works; a fixed one gives the same wall on every run. */
    private static final long PLASTER_SEED = 41;

    /** Standard deviation, in pixels, of the lens's blur even in focus. */
    private static final double LENS_BLUR = 0.8;

    private final Mat empty;

    SampleRoom() {
        var random = new Random(PLASTER_SEED);
        var patches = new double[HEIGHT / PATCH + 2][WIDTH / PATCH + 2];
        for (var row : patches) {
            for (int i = 0; i < row.length; i++) {
                row[i] = COARSE * random.nextGaussian();
            }
        }
        var bgr = new byte[WIDTH * HEIGHT * 3];
        for (int y = 0, i = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                int rgb = colour(x, y);
                double light = light(x, y);
                double plaster = between(patches, x, y) + FINE * random.nextGaussian();
                bgr[i++] = level(light * (rgb & 0xff) + plaster);
                bgr[i++] = level(light * (rgb >> 8 & 0xff) + plaster);
                bgr[i++] = level(light * (rgb >> 16 & 0xff) + plaster);
            }
        }
        empty = new Mat(HEIGHT, WIDTH, CV_8UC3);
        try (var scope = new PointerScope()) {
            empty.data().put(bgr);
            GaussianBlur(empty, empty, new Size(), LENS_BLUR);
        }
    }

    /** A fresh copy of the empty room, BGR. */
    Mat frame() {
        return empty.clone();
    }

    /** Puts the counter back in front of the pasted people. */
    void coverWithCounter(Mat frame) {
        try (var scope = new PointerScope()) {
            var counter = new Rect(0, COUNTER, WIDTH, HEIGHT - COUNTER);
            empty.apply(counter).copyTo(frame.apply(counter));
        }
    }

    @Override
    public void close() {
        empty.close();
    }

    private static int colour(int x, int y) {
        int rgb = 0;
        for (var thing : THINGS) {
            if (thing.covers(x, y)) {
                rgb = thing.rgb();
            }
        }
        return rgb;
    }

    /** Light from a window out of sight on the left: the right side is darker, and so is the floor. */
    private static double light(int x, int y) {
        return 1.08 - 0.30 * x / WIDTH - 0.14 * y / HEIGHT;
    }

    private static double between(double[][] patches, int x, int y) {
        int row = y / PATCH;
        int column = x / PATCH;
        double down = y % PATCH / (double) PATCH;
        double right = x % PATCH / (double) PATCH;
        double above = patches[row][column] * (1 - right) + patches[row][column + 1] * right;
        double below = patches[row + 1][column] * (1 - right) + patches[row + 1][column + 1] * right;
        return above * (1 - down) + below * down;
    }

    private static byte level(double value) {
        return (byte) Math.max(0, Math.min(255, Math.round(value)));
    }
}
