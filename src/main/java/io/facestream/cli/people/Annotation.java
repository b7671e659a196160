package io.facestream.cli.people;

import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;
import static org.bytedeco.opencv.global.opencv_imgproc.LINE_AA;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;
import static org.bytedeco.opencv.global.opencv_imgproc.rectangle;

import io.facestream.faces.Box;
import io.facestream.frames.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Point;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;

/** Draws a box and a name around each face of a picture: green for known, amber for ambiguous, grey for unknown. */
final class Annotation {
    private static final int SMALLEST_TEXT = 14;
    private static final int LARGEST_TEXT = 48;

    /** The picture's width divided by the height of the text: 16 pixels for 640. */
    private static final int TEXTS_IN_A_WIDTH = 40;

    private Annotation() {}

    static void write(Picture picture, List<IdentifiedFace> faces, Path file) throws IOException {
        try (PointerScope ignored = new PointerScope();
                Mat bgr = new Mat()) {
            cvtColor(picture.rgb(), bgr, COLOR_RGB2BGR);
            int thickness = Math.max(1, picture.width() / 500);
            for (IdentifiedFace face : faces) {
                Scalar colour =
                        switch (face.decision()) {
                            case KNOWN -> new Scalar(60, 200, 60, 0);
                            case AMBIGUOUS -> new Scalar(0, 180, 255, 0);
                            case UNKNOWN -> new Scalar(160, 160, 160, 0);
                        };
                Box box = face.box();
                int left = Math.round(box.x());
                int top = Math.round(box.y());
                int right = Math.round(box.x() + box.width());
                int bottom = Math.round(box.y() + box.height());
                rectangle(bgr, new Point(left, top), new Point(right, bottom), colour, thickness, LINE_AA, 0);
                String text = face.name() == null ? face.decision().toString() : face.name();
                int height = Math.min(LARGEST_TEXT, Math.max(SMALLEST_TEXT, picture.width() / TEXTS_IN_A_WIDTH));
                try (Mat label = NameLabel.draw(text, colour, height, bgr.cols())) {
                    paste(label, bgr, left, top - label.rows());
                }
            }
            BytePointer png = new BytePointer();
            if (!imencode(".png", bgr, png)) {
                throw new IOException("OpenCV wrote no PNG for " + file);
            }
            byte[] bytes = new byte[(int) png.limit()];
            png.get(bytes);
            Files.write(file, bytes);
        }
    }

    /** Pastes the label above the box, or moved into the picture if it would stick out. */
    private static void paste(Mat label, Mat picture, int left, int top) {
        int width = Math.min(label.cols(), picture.cols());
        int height = Math.min(label.rows(), picture.rows());
        int x = Math.max(0, Math.min(left, picture.cols() - width));
        int y = Math.max(0, Math.min(top, picture.rows() - height));
        try (Mat part = label.apply(new Rect(0, 0, width, height));
                Mat place = picture.apply(new Rect(x, y, width, height))) {
            part.copyTo(place);
        }
    }
}
