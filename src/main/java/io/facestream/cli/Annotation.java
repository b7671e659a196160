package io.facestream.cli;

import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;
import static org.bytedeco.opencv.global.opencv_imgproc.FONT_HERSHEY_SIMPLEX;
import static org.bytedeco.opencv.global.opencv_imgproc.LINE_AA;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;
import static org.bytedeco.opencv.global.opencv_imgproc.putText;
import static org.bytedeco.opencv.global.opencv_imgproc.rectangle;

import io.facestream.cli.IdentifyCommand.IdentifiedFace;
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
import org.bytedeco.opencv.opencv_core.Scalar;

/** A picture with a box and a name around each face: green for the known, amber for the ambiguous, grey for the unknown. */
final class Annotation {
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
                putText(
                        bgr,
                        text,
                        new Point(left, Math.max(12, top - 4)),
                        FONT_HERSHEY_SIMPLEX,
                        0.5,
                        colour,
                        thickness,
                        LINE_AA,
                        false);
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
}
