package io.facestream.faces;

import static org.bytedeco.opencv.global.opencv_core.BORDER_CONSTANT;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_core.copyMakeBorder;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_LINEAR;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import ai.djl.inference.Predictor;
import ai.djl.translate.TranslateException;
import io.facestream.frames.Picture;
import io.facestream.models.PixelBatch;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;

/** The batch of pictures that a network is about to see, in native memory that serves one batch after another. */
final class NetworkInput implements AutoCloseable {
    private BytePointer pixels = new BytePointer(0L);
    private int count;
    private int height;
    private int width;

    /** Begins a batch; every place of it is to be written before it is run. */
    void begin(int count, int height, int width) {
        long needed = 3L * count * height * width;
        if (pixels.capacity() < needed) {
            pixels.close();
            pixels = new BytePointer(needed);
        }
        this.count = count;
        this.height = height;
        this.width = width;
    }

    /** The place of one picture, to be written through. */
    Mat place(int i) {
        return new Mat(height, width, CV_8UC3, pixels.getPointer(3L * i * height * width));
    }

    /**
     * Resizes a square of the picture into the {@code i}th place; black where the square reaches beyond the picture.
     *
     * @param square on whole pixels
     */
    void crop(int i, Picture picture, Box square) {
        int left = (int) square.x();
        int top = (int) square.y();
        int side = (int) square.width();
        int insideLeft = Math.max(0, left);
        int insideTop = Math.max(0, top);
        int insideRight = Math.min(picture.width(), left + side);
        int insideBottom = Math.min(picture.height(), top + side);
        if (insideRight <= insideLeft || insideBottom <= insideTop) {
            try (Mat place = place(i);
                    Scalar black = new Scalar(0, 0, 0, 0)) {
                place.put(black);
            }
            return;
        }
        int interpolation = side > width ? INTER_AREA : INTER_LINEAR;
        try (Mat place = place(i);
                Rect inside = new Rect(insideLeft, insideTop, insideRight - insideLeft, insideBottom - insideTop);
                Mat part = picture.rgb().apply(inside)) {
            if (part.cols() == side && part.rows() == side) {
                resize(part, place, place.size(), 0, 0, interpolation);
                return;
            }
            try (Mat padded = new Mat();
                    Scalar black = new Scalar(0, 0, 0, 0)) {
                copyMakeBorder(
                        part,
                        padded,
                        insideTop - top,
                        top + side - insideBottom,
                        insideLeft - left,
                        left + side - insideRight,
                        BORDER_CONSTANT,
                        black);
                resize(padded, place, place.size(), 0, 0, interpolation);
            }
        }
    }

    /**
     * The same for a square that begins in the picture and may be many times larger: what of it lies in the picture is resized into
     * the top left of the place, to whole pixels there, and nothing of the square's size is ever held.
     */
    void fit(int i, Picture picture, Box square) {
        int left = (int) square.x();
        int top = (int) square.y();
        float scale = width / square.width();
        try (Mat place = place(i);
                Rect inside = new Rect(
                        left,
                        top,
                        Math.min((int) square.width(), picture.width() - left),
                        Math.min((int) square.height(), picture.height() - top));
                Mat part = picture.rgb().apply(inside);
                Rect corner = new Rect(
                        0,
                        0,
                        Math.max(1, Math.round(inside.width() * scale)),
                        Math.max(1, Math.round(inside.height() * scale)));
                Mat resized = place.apply(corner);
                Scalar black = new Scalar(0, 0, 0, 0)) {
            place.put(black);
            resize(part, resized, resized.size(), 0, 0, scale < 1 ? INTER_AREA : INTER_LINEAR);
        }
    }

    <O> O run(Predictor<PixelBatch, O> network) {
        try {
            return network.predict(new PixelBatch(pixels.asByteBuffer(), count, height, width));
        } catch (TranslateException e) {
            throw new IllegalStateException("a network failed on a batch of " + count + "x" + width + "x" + height, e);
        }
    }

    @Override
    public void close() {
        pixels.close();
    }
}
