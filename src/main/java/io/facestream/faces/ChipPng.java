package io.facestream.faces;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR_RGB;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_PNG_COMPRESSION;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_PNG_FILTER;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_PNG_FILTER_PAETH;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_PNG_STRATEGY;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMWRITE_PNG_STRATEGY_HUFFMAN_ONLY;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;

import io.facestream.frames.Picture;
import io.facestream.frames.PngFile;
import io.facestream.messaging.RejectReason;
import io.facestream.messaging.RejectedException;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.opencv_core.Mat;

/**
 * Chips as lossless PNG, as on {@code detected-faces} and in the gallery. All chips must be decoded here, because a
 * chip from a topic or a table may announce any size.
 */
public final class ChipPng {
    /**
     * One filter for all rows, and no search for repetitions, which photos do not have. Of OpenCV's strategies and
     * filters this one gives the smallest files at next to the least CPU time (docs/performance.md).
     */
    private static final int[] PARAMETERS = {
        IMWRITE_PNG_COMPRESSION, 1,
        IMWRITE_PNG_STRATEGY, IMWRITE_PNG_STRATEGY_HUFFMAN_ONLY,
        IMWRITE_PNG_FILTER, IMWRITE_PNG_FILTER_PAETH
    };

    /** A PNG of noise is a little larger than its pixels. */
    private static final int MAX_BYTES = 2 * FaceAligner.CHIP_SIZE * FaceAligner.CHIP_SIZE * 3;

    private static final int BIT_DEPTH = 8;
    private static final int RGB = 2;

    private ChipPng() {}

    public static byte[] encode(Picture chip) {
        try (Mat bgr = new Mat();
                BytePointer png = new BytePointer();
                IntPointer parameters = new IntPointer(PARAMETERS)) {
            cvtColor(chip.rgb(), bgr, COLOR_RGB2BGR);
            if (!imencode(".png", bgr, png, parameters)) {
                throw new IllegalStateException("OpenCV failed to write a PNG");
            }
            byte[] bytes = new byte[(int) png.limit()];
            png.get(bytes);
            return bytes;
        }
    }

    /**
     * Decodes a chip; close it.
     *
     * @throws RejectedException {@link RejectReason#BAD_MESSAGE} if it differs in form from what {@link #encode}
     *     writes, which is checked before decoding
     */
    public static Picture decode(byte[] png) throws RejectedException {
        if (png.length == 0 || png.length > MAX_BYTES) {
            throw new RejectedException(
                    RejectReason.BAD_MESSAGE, "a chip's PNG has 1 to " + MAX_BYTES + " bytes, not " + png.length);
        }
        byte[] checked = checked(png);
        try (BytePointer bytes = new BytePointer(checked);
                Mat encoded = new Mat(1, checked.length, CV_8UC1, bytes)) {
            Mat rgb = imdecode(encoded, IMREAD_COLOR_RGB);
            if (rgb.empty()) {
                rgb.close();
                throw new RejectedException(RejectReason.BAD_MESSAGE, "a chip that the decoder refuses");
            }
            return new Picture(rgb);
        } catch (RuntimeException e) {
            throw new RejectedException(
                    RejectReason.BAD_MESSAGE, "a chip that cannot be decoded: " + e.getMessage(), e);
        }
    }

    private static byte[] checked(byte[] png) throws RejectedException {
        try {
            PngFile header = PngFile.header(png);
            if (header.width() != FaceAligner.CHIP_SIZE
                    || header.height() != FaceAligner.CHIP_SIZE
                    || header.bitDepth() != BIT_DEPTH
                    || header.colourType() != RGB
                    || header.interlaced()) {
                throw new IllegalArgumentException("it announces " + header);
            }
            return PngFile.checked(png);
        } catch (IllegalArgumentException e) {
            throw new RejectedException(
                    RejectReason.BAD_MESSAGE,
                    "a chip is a PNG of " + FaceAligner.CHIP_SIZE + "x" + FaceAligner.CHIP_SIZE
                            + " pixels, 8-bit RGB, not interlaced: " + e.getMessage(),
                    e);
        }
    }
}
