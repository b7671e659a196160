package io.facestream.cameras.motion;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_core.bitwise_not;
import static org.bytedeco.opencv.global.opencv_video.createBackgroundSubtractorMOG2;

import java.util.Arrays;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_video.BackgroundSubtractorMOG2;

/**
 * The background as a mixture of Gaussians for each pixel (Zivkovic, "Improved Adaptive Gaussian Mixture Model for
 * Background Subtraction", ICPR 2004; OpenCV's MOG2). Frames are brought to the background's brightness before they are
 * compared, because cameras change their exposure.
 */
final class Background implements AutoCloseable {
    /** Learning rate per frame; at 5 frames/s something new belongs to the background after about 10 s. */
    private static final double LEARNING = 0.002;

    /** Squared distance in variances, OpenCV's default. */
    private static final double THRESHOLD = 16;

    /** Correlation of gradients above which a region is the background in another light. */
    static final double ONLY_LIGHT = 0.6;

    /** Gradients below this, in grey levels, are noise: such a region tells nothing about its light. */
    private static final double FLAT = 6;

    /** A flat region that has changed without any edge of gradients above this has another light on it. */
    private static final double SMOOTH = 3;

    /** Share of the picture that differs where the light has changed, if its edges are the background's. */
    private static final double MUCH = 0.3;

    /** The same where the edges have gone: light off, a covered lens, another view. */
    private static final double NEARLY_ALL = 0.85;

    /** Frames in which a new background settles. */
    private static final int SETTLING = 10;

    /** Keeps the ratio of dark pixels from being noise. */
    private static final int PEDESTAL = 16;

    /** Every so many pixels count for the brightness. */
    private static final int STEP = 23;

    /** The background changes so slowly that one frame in so many teaches it as well, with so much more weight. */
    private static final int LEARNS_EVERY = 10;

    /** How much faster the noise is learnt than the background. */
    private static final double NOISE = 2;

    /** Grey levels by which no pixel differs from the background: four times the least deviation that MOG2 assumes. */
    private static final int QUIET = 8;

    /** Brightness of a frame to that of the background, beyond which nothing is compensated. */
    private static final double MOST_GAIN = 4;

    private final int width;
    private final int height;
    private final BackgroundSubtractorMOG2 mog2;
    private final Mat image;
    private final Mat foreground = new Mat();
    private final Mat unused = new Mat();
    private final Mat mean = new Mat();
    private final Mat keep;
    private final double learning;
    private final byte[] background;
    private final LocalChange local;
    private byte[] alike;
    private int settled;
    private long frames;

    Background(int width, int height, double fps) {
        this.width = width;
        this.height = height;
        // The rate is for 5 frames a second; of a faster camera each frame teaches less.
        learning = LEARNING * Math.min(1, 5 / fps);
        mog2 = createBackgroundSubtractorMOG2((int) Math.round(1 / learning), THRESHOLD, false);
        image = new Mat(height, width, CV_8UC1);
        keep = new Mat(height, width, CV_8UC1);
        background = new byte[width * height];
        local = new LocalChange(width, height);
    }

    /** How a frame differs from the background. */
    final class Difference {
        private final byte[] pixels;
        private final byte[] differing;
        private final byte[] faint;
        private final boolean quiet;
        private final boolean everywhere;
        private final boolean elsewhere;

        private Difference(byte[] pixels, byte[] differing, byte[] faint, boolean quiet) {
            this.pixels = pixels;
            this.differing = differing;
            this.faint = faint;
            this.quiet = quiet;
            int count = 0;
            for (byte one : differing) {
                count += one == 0 ? 0 : 1;
            }
            double share = count / (double) differing.length;
            if (share > MUCH) {
                int[] all = new int[differing.length];
                for (int i = 0; i < all.length; i++) {
                    all[i] = differing[i] == 0 ? 0 : 1;
                }
                boolean alike = likeness(all, 2)[1] > ONLY_LIGHT / 2;
                everywhere = alike || share > NEARLY_ALL;
                elsewhere = everywhere && !alike;
            } else {
                everywhere = false;
                elsewhere = false;
            }
        }

        /** Whether nothing differs that matters. */
        boolean isQuiet() {
            return quiet;
        }

        /** 0 for pixels of the background; belongs to the caller. */
        byte[] foreground() {
            return differing;
        }

        /** 0 where the neighbourhood is as usual; belongs to the caller. */
        byte[] faint() {
            return faint;
        }

        /** Whether the light has changed, or the view. */
        boolean changedEverywhere() {
            return everywhere;
        }

        /** Whether the edges have gone as well, so that nothing of the background is left. */
        boolean isAnotherView() {
            return elsewhere;
        }

        /**
         * For each label how alike its edges are in frame and background: the correlation of their gradients, -1 to 1;
         * where the background is flat 0, or 1 if the frame is flat as well.
         */
        double[] likeness(int[] label, int labels) {
            double[] both = new double[labels];
            double[] now = new double[labels];
            double[] then = new double[labels];
            int[] count = new int[labels];
            for (int y = 1; y < height - 1; y++) {
                for (int x = 1; x < width - 1; x++) {
                    int i = y * width + x;
                    int l = label[i];
                    if (l == 0) {
                        continue;
                    }
                    int dx = (pixels[i + 1] & 0xff) - (pixels[i - 1] & 0xff);
                    int dy = (pixels[i + width] & 0xff) - (pixels[i - width] & 0xff);
                    int bx = (background[i + 1] & 0xff) - (background[i - 1] & 0xff);
                    int by = (background[i + width] & 0xff) - (background[i - width] & 0xff);
                    both[l] += dx * bx + dy * by;
                    now[l] += dx * dx + dy * dy;
                    then[l] += bx * bx + by * by;
                    count[l]++;
                }
            }
            double[] likeness = new double[labels];
            for (int l = 1; l < labels; l++) {
                if (then[l] < FLAT * FLAT * count[l]) {
                    likeness[l] = now[l] < SMOOTH * SMOOTH * count[l] ? 1 : 0;
                } else {
                    likeness[l] = now[l] == 0 || then[l] == 0 ? 0 : both[l] / Math.sqrt(now[l] * then[l]);
                }
            }
            return likeness;
        }
    }

    /**
     * Compares a frame with the background, which does not change by it.
     *
     * @param smallest a number of pixels; fewer do not matter
     */
    Difference differs(byte[] pixels, int smallest) {
        alike = brought(pixels);
        image.data().put(alike);
        local.find(image, mean);
        int loud = 0;
        for (int i = 0; i < alike.length; i++) {
            loud += Math.abs((alike[i] & 0xff) - (background[i] & 0xff)) > QUIET ? 1 : 0;
        }
        byte[] differing = new byte[pixels.length];
        byte[] faint = new byte[pixels.length];
        boolean quiet = loud < smallest && local.count() < smallest;
        if (!quiet) {
            mog2.apply(image, foreground, 0);
            foreground.data().get(differing);
            local.changed().data().get(faint);
        }
        return new Difference(alike, differing, faint, quiet);
    }

    /** Learns from the frame that was compared last, but for the pixels that are kept (not 0). */
    void learn(byte[] kept) {
        boolean settles = settled < SETTLING;
        if (!settles && ++frames % LEARNS_EVERY != 0) {
            return;
        }
        double rate = settles ? 1.0 / (++settled + 1) : LEARNS_EVERY * learning;
        keep.data().put(kept);
        mog2.apply(image, keep, unused, rate);
        bitwise_not(keep, keep);
        local.learn(keep, settles ? rate : Math.min(0.5, LEARNS_EVERY * NOISE * learning));
        mog2.getBackgroundImage(mean);
        mean.data().get(background);
    }

    /** Takes a frame for the background, and forgets all others. */
    void relearn(byte[] pixels) {
        image.data().put(pixels);
        mog2.apply(image, unused, 1);
        image.copyTo(mean);
        settled = 0;
        System.arraycopy(pixels, 0, background, 0, pixels.length);
    }

    /**
     * Brings the background into another light: it is not the frame that is taken for the background, or else whoever
     * stands there, or comes in with the light, would be part of it, and the place that they leave a thing.
     *
     * @param thing whether a pixel may be part of a thing
     */
    void relight(byte[] pixels, boolean[] thing) {
        relearn(new LightChange(background, pixels, thing, width, height).of(background));
    }

    /**
     * The frame in the background's brightness: divided by the median of its ratios to it, which people in front of
     * less than half of it do not change.
     */
    private byte[] brought(byte[] pixels) {
        float[] ratios = new float[(pixels.length + STEP - 1) / STEP];
        for (int i = 0, n = 0; i < pixels.length; i += STEP) {
            ratios[n++] = ((pixels[i] & 0xff) + PEDESTAL) / (float) ((background[i] & 0xff) + PEDESTAL);
        }
        Arrays.sort(ratios);
        double gain = ratios[ratios.length / 2];
        if (gain > MOST_GAIN || gain < 1 / MOST_GAIN || Math.abs(gain - 1) < 0.01) {
            return pixels;
        }
        byte[] brought = new byte[pixels.length];
        for (int i = 0; i < pixels.length; i++) {
            double value = ((pixels[i] & 0xff) + PEDESTAL) / gain - PEDESTAL;
            brought[i] = (byte) Math.max(0, Math.min(255, Math.round(value)));
        }
        return brought;
    }

    @Override
    public void close() {
        mog2.close();
        image.close();
        foreground.close();
        unused.close();
        mean.close();
        keep.close();
        local.close();
    }
}
