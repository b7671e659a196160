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
import io.facestream.networks.PixelBatch;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;

/** The next batch of pictures for a network, in native memory that is reused from batch to batch. */
public final class NetworkInput implements AutoCloseable {
    private BytePointer pixels = new BytePointer(0L);
    private int count;
    private int height;
    private int width;

    /** Begins a batch. Every place must be written before the batch is run. */
    public void begin(int count, int height, int width) {
        long needed = 3L * count * height * width;
        if (pixels.capacity() < needed) {
            pixels.close();
            pixels = new BytePointer(needed);
        }
        this.count = count;
        this.height = height;
        this.width = width;
    }

    /** The place of one picture, a view to write to. */
    public Mat place(int i) {
        return new Mat(height, width, CV_8UC3, pixels.getPointer(3L * i * height * width));
    }

    /**
     * Resizes a square of the picture into the {@code i}th place, black outside the picture. A square larger than the
     * picture is never materialised: its part inside the picture is resized to whole pixels of the place.
     *
     * @param square on whole pixels
     */
    public void crop(int i, Picture picture, Box square) {
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
        if (side > Math.max(picture.width(), picture.height())) {
            fit(i, picture, square);
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
     * Like {@link #crop} for a square that overlaps the picture and may be many times larger. Only the overlapping part
     * is resized, to whole pixels of the place.
     */
    public void fit(int i, Picture picture, Box square) {
        int left = (int) Math.max(0, square.x());
        int top = (int) Math.max(0, square.y());
        int right = (int) Math.min(picture.width(), square.x() + square.width());
        int bottom = (int) Math.min(picture.height(), square.y() + square.height());
        float scale = width / square.width();
        int x = Math.min(width - 1, Math.round((left - square.x()) * scale));
        int y = Math.min(height - 1, Math.round((top - square.y()) * scale));
        int columns = Math.max(1, Math.min(width - x, Math.round((right - left) * scale)));
        int rows = Math.max(1, Math.min(height - y, Math.round((bottom - top) * scale)));
        try (Mat place = place(i);
                Rect inside = new Rect(left, top, right - left, bottom - top);
                Mat part = picture.rgb().apply(inside);
                Rect share = new Rect(x, y, columns, rows);
                Mat resized = place.apply(share);
                Scalar black = new Scalar(0, 0, 0, 0)) {
            place.put(black);
            resize(part, resized, resized.size(), 0, 0, scale < 1 ? INTER_AREA : INTER_LINEAR);
        }
    }

    public <O> O run(Predictor<PixelBatch, O> network) {
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
