package io.facestream.photos;

import static org.bytedeco.opencv.global.opencv_core.CV_16SC3;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_core.add;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_JPEG_QUALITY;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_BGR2RGB;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;
import static org.bytedeco.opencv.global.opencv_imgproc.GaussianBlur;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_CUBIC;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import java.nio.ShortBuffer;
import java.util.Random;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Imitates what distance, lens, sensor and codec do to a face, in this order: a box filter shrinks it, it is blurred,
 * overlaid with noise, compressed as a JPEG, and enlarged again by bicubic interpolation.
 *
 * @param size width and height in pixels that the face is shrunk to
 * @param blur standard deviation of a Gaussian, in pixels; 0 for no blur
 * @param noise standard deviation of a Gaussian, on a scale of 255
 * @param jpegQuality 1 to 100
 */
public record Degradation(int size, double blur, double noise, int jpegQuality) {
    /**
     * Degrades a face in place.
     *
     * @param face 8-bit RGB
     * @param random source of the noise
     */
    public void apply(Mat face, Random random) {
        try (Size shrunk = new Size(size, size);
                Size kernel = new Size(0, 0);
                Mat small = new Mat()) {
            resize(face, small, shrunk, 0, 0, INTER_AREA);
            if (blur > 0) {
                GaussianBlur(small, small, kernel, blur);
            }
            addNoise(small, noise, random);
            compress(small, jpegQuality);
            resize(small, face, face.size(), 0, 0, INTER_CUBIC);
        }
    }

    /** @param noise standard deviation of a Gaussian, on a scale of 255 */
    static void addNoise(Mat rgb, double noise, Random random) {
        try (Mat overlay = new Mat(rgb.rows(), rgb.cols(), CV_16SC3)) {
            ShortBuffer values = overlay.createBuffer();
            for (int i = 0; i < values.capacity(); i++) {
                values.put(i, (short) Math.round(random.nextGaussian() * noise));
            }
            add(rgb, overlay, rgb, null, CV_8UC3);
        }
    }

    /** @param jpegQuality 1 to 100 */
    static void compress(Mat rgb, int jpegQuality) {
        try (BytePointer jpeg = new BytePointer();
                IntPointer parameters = new IntPointer(IMWRITE_JPEG_QUALITY, jpegQuality)) {
            cvtColor(rgb, rgb, COLOR_RGB2BGR);
            imencode(".jpg", rgb, jpeg, parameters);
            try (Mat encoded = new Mat(jpeg);
                    Mat decoded = imdecode(encoded, IMREAD_COLOR)) {
                cvtColor(decoded, rgb, COLOR_BGR2RGB);
            }
        }
    }
}
