package io.facestream.faces;

import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR_RGB;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_PNG_COMPRESSION;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;

import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * An aligned face, {@value #SIDE}x{@value #SIDE} pixels RGB in native memory: ArcFace's five-point template for 112x112, moved by
 * {@value #MARGIN} px. The middle 112x112 is a recognition network's input without resampling; the margin serves augmentation and
 * other networks. Owns its pixels: close it.
 */
public final class Chip implements AutoCloseable {
    public static final int SIDE = 160;
    public static final int MARGIN = 24;

    /** Fast rather than small: noise does not compress, and the topic keeps chips for a day. */
    private static final int PNG_COMPRESSION = 1;

    /** A PNG of noise is a little larger than its pixels. */
    private static final int MAX_PNG_BYTES = 2 * SIDE * SIDE * 3;

    private final Mat rgb;

    /** Takes over {@code rgb}, {@code CV_8UC3} of {@value #SIDE}x{@value #SIDE}. */
    Chip(Mat rgb) {
        if (rgb.cols() != SIDE || rgb.rows() != SIDE || rgb.type() != opencv_core.CV_8UC3 || !rgb.isContinuous()) {
            throw new IllegalArgumentException("a chip is " + SIDE + "x" + SIDE + " 8-bit RGB, not " + rgb.cols() + "x" + rgb.rows());
        }
        this.rgb = rgb;
    }

    /**
     * A chip from its PNG.
     *
     * @throws RejectedException {@link RejectReason#BAD_MESSAGE} if it is none
     */
    public static Chip fromPng(byte[] png) throws RejectedException {
        if (png.length == 0 || png.length > MAX_PNG_BYTES) {
            throw new RejectedException(RejectReason.BAD_MESSAGE, "a chip's PNG does not have " + png.length + " bytes");
        }
        try (BytePointer bytes = new BytePointer(png);
                Mat encoded = new Mat(1, png.length, opencv_core.CV_8UC1, bytes)) {
            Mat rgb = imdecode(encoded, IMREAD_COLOR_RGB);
            if (rgb.cols() != SIDE || rgb.rows() != SIDE) {
                String found = rgb.cols() + "x" + rgb.rows();
                rgb.close();
                throw new RejectedException(RejectReason.BAD_MESSAGE, "a chip is a PNG of " + SIDE + "x" + SIDE + " pixels, not " + found);
            }
            return new Chip(rgb);
        }
    }

    /** The chip as a PNG, as it travels on {@code detected-faces} and lies in the gallery. */
    public byte[] png() {
        try (Mat bgr = new Mat();
                BytePointer png = new BytePointer();
                IntPointer parameters = new IntPointer(IMWRITE_PNG_COMPRESSION, PNG_COMPRESSION)) {
            cvtColor(rgb, bgr, COLOR_RGB2BGR);
            if (!imencode(".png", bgr, png, parameters)) {
                throw new IllegalStateException("OpenCV wrote no PNG");
            }
            byte[] bytes = new byte[(int) png.limit()];
            png.get(bytes);
            return bytes;
        }
    }

    /** The pixels; to be read, not written, and only while this chip is open. */
    public Mat rgb() {
        return rgb;
    }

    @Override
    public void close() {
        rgb.close();
    }
}
