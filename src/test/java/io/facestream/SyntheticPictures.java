package io.facestream;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_CUBIC;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import io.facestream.frames.Picture;
import java.nio.ByteBuffer;
import java.util.Random;
import org.bytedeco.opencv.opencv_core.Mat;

/** Pictures that show nothing and are the same in every run. */
public final class SyntheticPictures {
    private SyntheticPictures() {}

    /** Every byte at random. */
    public static Picture noise(int width, int height, long seed) {
        byte[] bytes = new byte[width * height * 3];
        new Random(seed).nextBytes(bytes);
        Mat rgb = new Mat(height, width, CV_8UC3);
        rgb.<ByteBuffer>createBuffer().put(bytes);
        return new Picture(rgb);
    }

    /** Soft blobs of colour: noise of 6x6 pixels, enlarged. */
    public static Picture blobs(int width, int height, long seed) {
        Mat rgb = new Mat(height, width, CV_8UC3);
        try (Picture noise = noise(6, 6, seed)) {
            resize(noise.rgb(), rgb, rgb.size(), 0, 0, INTER_CUBIC);
        }
        return new Picture(rgb);
    }
}
