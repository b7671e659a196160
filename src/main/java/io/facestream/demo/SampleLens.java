package io.facestream.demo;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_QUALITY;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;
import static org.bytedeco.opencv.global.opencv_imgproc.GaussianBlur;

import java.util.Random;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Imitates a cheap camera: drifting exposure, contrast and white balance, a hunting focus, a noisy sensor, and JPEG.
 * Everything drifts slowly, with periods that do not divide one another, and depends only on the time.
 */
final class SampleLens {

    /** Standard deviation of the blur in pixels, 0.5 in focus to 1.2 at the hunt's end; motion is within it. */
    private static final Drift BLUR = new Drift(0.85, 0.35, 7.3);

    /** Brightness as a factor: clouds pass the window. */
    private static final Drift GAIN = new Drift(0.98, 0.12, 11.9);

    /** Exponent of the tone curve: below 1 lifts the shadows. */
    private static final Drift GAMMA = new Drift(1.02, 0.13, 17.1);

    /** Blue against red, as factors on either: the white balance wanders between daylight and lamp. */
    private static final Drift WARMTH = new Drift(1.02, 0.04, 9.7);

    /** Standard deviation of the sensor's noise in grey levels. */
    private static final Drift NOISE = new Drift(4.5, 1.5, 13.3);

    /** JPEG quality as OpenCV's encoder counts it. */
    private static final Drift QUALITY = new Drift(75, 5, 5.9);

    /** How many samples of noise are drawn; a power of two, more than the 921,600 of a frame. */
    private static final int NOISE_SAMPLES = 1 << 20;

    /**
     * How far the noise's start moves within the samples from frame to frame: a prime, so that no start recurs in a
     * clip.
     */
    private static final int NOISE_STEP = 330_017;

    /** Any number works; a fixed one gives the same noise on every run. */
    private static final long NOISE_SEED = 43;

    /** A value that swings about its middle: {@code middle + swing * sin(2 pi seconds / period)}. */
    private record Drift(double middle, double swing, double period) {
        double at(double seconds) {
            return middle + swing * Math.sin(2 * Math.PI * seconds / period);
        }
    }

    private final float[] noise = new float[NOISE_SAMPLES];
    private final byte[] pixels = new byte[SampleRoom.WIDTH * SampleRoom.HEIGHT * 3];

    SampleLens() {
        // Random rather than the faster generators, since its Gaussians are specified to the bit
        var random = new Random(NOISE_SEED);
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) random.nextGaussian();
        }
    }

    /**
     * Takes the picture.
     *
     * @param scene BGR, {@link SampleRoom#WIDTH} x {@link SampleRoom#HEIGHT}; blurred in place
     * @return JPEG bytes
     */
    byte[] shoot(Mat scene, int index, double seconds) {
        try (var scope = new PointerScope()) {
            GaussianBlur(scene, scene, new Size(), BLUR.at(seconds));
            scene.data().get(pixels);
            expose(index, seconds);
            var exposed = new Mat(SampleRoom.HEIGHT, SampleRoom.WIDTH, CV_8UC3);
            exposed.data().put(pixels);
            var jpeg = new BytePointer();
            imencode(
                    ".jpg", exposed, jpeg, new IntPointer(IMWRITE_JPEG_QUALITY, (int) Math.round(QUALITY.at(seconds))));
            return jpeg.getStringBytes();
        }
    }

    private void expose(int index, double seconds) {
        double warmth = WARMTH.at(seconds);
        var blue = curve(seconds, 1 / warmth);
        var green = curve(seconds, 1);
        var red = curve(seconds, warmth);
        float deviation = (float) NOISE.at(seconds);
        int sample = (int) ((long) index * NOISE_STEP % NOISE_SAMPLES);
        for (int i = 0; i < pixels.length; i += 3, sample += 3) {
            pixels[i] = level(blue[pixels[i] & 0xff] + deviation * noise[sample & NOISE_SAMPLES - 1]);
            pixels[i + 1] = level(green[pixels[i + 1] & 0xff] + deviation * noise[sample + 1 & NOISE_SAMPLES - 1]);
            pixels[i + 2] = level(red[pixels[i + 2] & 0xff] + deviation * noise[sample + 2 & NOISE_SAMPLES - 1]);
        }
    }

    private static byte level(float value) {
        return (byte) Math.max(0, Math.min(255, (int) (value + 0.5f)));
    }

    /** The tone curve of one colour channel: grey level in, grey level out. */
    private static float[] curve(double seconds, double balance) {
        double factor = GAIN.at(seconds) * balance * 255;
        double gamma = GAMMA.at(seconds);
        var curve = new float[256];
        for (int level = 0; level < curve.length; level++) {
            curve[level] = (float) (factor * StrictMath.pow(level / 255.0, gamma));
        }
        return curve;
    }
}
