package io.facestream.evaluation;

import static org.bytedeco.opencv.global.opencv_imgcodecs.imwrite;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;
import static org.bytedeco.opencv.global.opencv_imgproc.LINE_8;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;
import static org.bytedeco.opencv.global.opencv_imgproc.rectangle;

import io.facestream.evaluation.LabelledPhotos.Photo;
import io.facestream.faces.Box;
import io.facestream.faces.DetectedFace;
import io.facestream.faces.FaceAligner;
import io.facestream.faces.FaceFinder;
import io.facestream.frames.Picture;
import io.facestream.frames.PictureDecoder;
import io.facestream.messaging.RejectedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;

/** Errors as pictures, for a person to look at. */
public final class Chips {
    private static final int LINE_WIDTH = 2;

    private Chips() {}

    /**
     * Two photos that were confused.
     *
     * @param kind of the error, for the file's name
     */
    public record Pair(String kind, float distance, Photo left, Photo right) {
        String fileName(int number) {
            return String.format(
                    Locale.ROOT,
                    "%04d-%s-%.3f-%s-%s.png",
                    number,
                    kind,
                    distance,
                    left.label().replaceAll("[^A-Za-z0-9_-]", "_"),
                    right.label().replaceAll("[^A-Za-z0-9_-]", "_"));
        }
    }

    /** Writes the chips of each pair side by side; black stands for a face that was not found. */
    public static void write(Path folder, List<Pair> pairs, PhotoEmbedder embedder) throws IOException {
        try (FaceFinder finder = new FaceFinder(embedder.detectors().detector())) {
            for (int i = 0; i < pairs.size(); i++) {
                Pair pair = pairs.get(i);
                write(folder.resolve(pair.fileName(i)), pair, embedder, finder);
            }
        }
    }

    private static void write(Path file, Pair pair, PhotoEmbedder embedder, FaceFinder finder) throws IOException {
        int size = FaceAligner.CHIP_SIZE;
        try (Scalar black = new Scalar(0, 0, 0, 0);
                Mat both = new Mat(size, 2 * size, org.bytedeco.opencv.global.opencv_core.CV_8UC3, black)) {
            copy(embedder.chip(pair.left(), finder), both, 0);
            copy(embedder.chip(pair.right(), finder), both, size);
            write(both, file);
        }
    }

    private static void copy(Optional<Picture> chip, Mat target, int x) {
        if (chip.isEmpty()) {
            return;
        }
        try (Picture picture = chip.get();
                Rect place = new Rect(x, 0, picture.width(), picture.height());
                Mat part = target.apply(place)) {
            picture.rgb().copyTo(part);
        }
    }

    /** Writes a picture with its labels: green where found, yellow where missed; and unmatched boxes in red. */
    public static void boxes(Path folder, Detection.Judged judged, PictureDecoder decoder) throws IOException {
        try (Picture picture = decoder.decode(Files.readAllBytes(judged.file()))) {
            for (int i = 0; i < judged.found().length; i++) {
                draw(picture.rgb(), judged.labels().get(i).box(), judged.found()[i] ? 0 : 255, 200);
            }
            List<DetectedFace> unmatched = judged.unmatched();
            for (DetectedFace face : unmatched) {
                draw(picture.rgb(), face.box(), 255, 0);
            }
            write(picture.rgb(), folder.resolve(judged.file().getFileName() + ".png"));
        } catch (RejectedException e) {
            throw new IOException(judged.file() + ": " + e.getMessage(), e);
        }
    }

    private static void draw(Mat rgb, Box box, int red, int green) {
        try (Rect place = new Rect(
                        Math.round(box.x()), Math.round(box.y()), Math.round(box.width()), Math.round(box.height()));
                Scalar colour = new Scalar(red, green, 0, 0)) {
            rectangle(rgb, place, colour, LINE_WIDTH, LINE_8, 0);
        }
    }

    private static void write(Mat rgb, Path file) throws IOException {
        try (Mat bgr = new Mat()) {
            cvtColor(rgb, bgr, COLOR_RGB2BGR);
            if (!imwrite(file.toString(), bgr)) {
                throw new IOException(file + " could not be written");
            }
        }
    }
}
