package io.facestream.evaluation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2BGR;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.LINE_8;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;
import static org.bytedeco.opencv.global.opencv_imgproc.rectangle;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import io.facestream.evaluation.LabelledBoxes.LabelledBox;
import io.facestream.faces.Box;
import io.facestream.faces.DetectedFace;
import io.facestream.faces.FaceAligner;
import io.facestream.frames.Picture;
import io.facestream.frames.PictureDecoder;
import io.facestream.messaging.RejectedException;
import io.facestream.photos.PhotoBytes;
import io.facestream.photos.PhotoEmbedder;
import io.facestream.photos.PhotoError;
import io.facestream.photos.TextFile;
import io.facestream.photos.Undecodable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * A folder with a picture for every error of an evaluation, for a person to look at. {@value #INDEX} lists them all:
 * CSV in UTF-8 with the header {@value #HEADER}. Pictures that an earlier index lists are deleted first.
 */
public final class ErrorFolder {
    static final String INDEX = "index.csv";
    static final String HEADER = "picture,error,photo,other,distance,detail";

    private static final int LINE_WIDTH = 2;

    /** Longest side of the picture of a photo without a face. */
    private static final int MAX_SIDE = 640;

    private static final int MAX_NAME = 60;
    private static final Pattern OURS = Pattern.compile("\\d{5}-[A-Za-z0-9_.-]+\\.png");
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");
    private static final Pattern UNUSUAL = Pattern.compile("[^A-Za-z0-9_-]");

    private final Path folder;

    /** A line of the index. */
    private record Line(String picture, String error, String photo, String other, float distance, String detail) {
        @Override
        public String toString() {
            return Stream.of(
                            picture,
                            error,
                            photo,
                            other,
                            Float.isNaN(distance) ? "" : String.format(Locale.ROOT, "%.4f", distance),
                            detail)
                    .map(Line::quoted)
                    .collect(Collectors.joining(","));
        }

        private static String quoted(String field) {
            return field.chars().anyMatch(c -> c == ',' || c == '"' || c < ' ')
                    ? '"' + field.replace("\"", "\"\"") + '"'
                    : field;
        }
    }

    private ErrorFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Creates the folder if it does not exist.
     *
     * @throws IOException if it cannot be written to
     */
    public static ErrorFolder open(Path folder) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new IOException(folder + " is not a folder");
        }
        Files.createDirectories(folder);
        if (!Files.isWritable(folder)) {
            throw new IOException(folder + " is not writable");
        }
        return new ErrorFolder(folder);
    }

    /** Deletes the pictures of an earlier run, which would otherwise be taken for errors of this one. */
    private void clear() throws IOException {
        Path index = folder.resolve(INDEX);
        if (!Files.exists(index)) {
            return;
        }
        for (String line : TextFile.lines(index)) {
            String picture = line.split(",", 2)[0];
            if (OURS.matcher(picture).matches()) {
                Files.deleteIfExists(folder.resolve(picture));
            }
        }
        Files.delete(index);
    }

    private void writeIndex(Stream<Line> lines) throws IOException {
        Files.write(
                folder.resolve(INDEX),
                Stream.concat(Stream.of(HEADER), lines.map(Line::toString)).toList(),
                UTF_8);
    }

    private static Line line(Undecodable undecodable) {
        return new Line("", "undecodable", undecodable.file(), "", Float.NaN, undecodable.reason());
    }

    /**
     * Writes the chips of each pair of photos side by side, black for a face that was not found. A single photo without
     * a detected face is shown whole.
     *
     * @param done called after each error
     */
    public void write(List<PhotoError> errors, List<Undecodable> undecodable, PhotoEmbedder embedder, Runnable done)
            throws IOException {
        clear();
        List<String> pictures = IntStream.range(0, errors.size())
                .mapToObj(i -> picture(i + 1, errors.get(i)))
                .toList();
        writeIndex(Stream.concat(
                IntStream.range(0, errors.size()).mapToObj(i -> line(pictures.get(i), errors.get(i))),
                undecodable.stream().map(ErrorFolder::line)));
        inParallel(errors.size(), i -> {
            write(folder.resolve(pictures.get(i)), errors.get(i), embedder);
            done.run();
        });
    }

    private interface Step {
        void run(int i) throws IOException;
    }

    private static void inParallel(int count, Step step) throws IOException {
        try {
            IntStream.range(0, count).parallel().forEach(i -> {
                try {
                    step.run(i);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static String picture(int number, PhotoError error) {
        return Stream.of(
                        String.format(Locale.ROOT, "%05d", number),
                        error.kind(),
                        Float.isNaN(error.distance()) ? "" : String.format(Locale.ROOT, "%.3f", error.distance()),
                        plain(error.photo().photo().label()),
                        error.other() == null ? "" : plain(error.other().photo().label()))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("-", "", ".png"));
    }

    /** A name that every file system and terminal accepts. The index has the original name. */
    private static String plain(String name) {
        String letters =
                MARKS.matcher(Normalizer.normalize(name, Normalizer.Form.NFD)).replaceAll("");
        String plain = UNUSUAL.matcher(letters).replaceAll("_");
        return plain.length() <= MAX_NAME ? plain : plain.substring(0, MAX_NAME);
    }

    private static Line line(String picture, PhotoError error) {
        return new Line(
                picture,
                error.kind(),
                error.photo().photo().file().toString(),
                error.other() == null ? "" : error.other().photo().file().toString(),
                error.distance(),
                error.detail());
    }

    private static void write(Path file, PhotoError error, PhotoEmbedder embedder) throws IOException {
        if (error.other() == null && !error.photo().detected()) {
            try (Picture photo = embedder.photo(error.photo().photo())) {
                writeShrunk(photo.rgb(), file);
            }
            return;
        }
        int size = FaceAligner.CHIP_SIZE;
        try (Scalar black = new Scalar(0, 0, 0, 0);
                Mat both = new Mat(size, 2 * size, CV_8UC3, black)) {
            copy(embedder.chip(error.photo()), both, 0);
            if (error.other() != null) {
                copy(embedder.chip(error.other()), both, size);
            }
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

    private static void writeShrunk(Mat rgb, Path file) throws IOException {
        double scale = MAX_SIDE / (double) Math.max(rgb.cols(), rgb.rows());
        if (scale >= 1) {
            write(rgb, file);
            return;
        }
        try (Mat small = new Mat();
                Size size =
                        new Size(Math.max(1, (int) (scale * rgb.cols())), Math.max(1, (int) (scale * rgb.rows())))) {
            resize(rgb, small, size, 0, 0, INTER_AREA);
            write(small, file);
        }
    }

    /**
     * Writes each picture that has errors once. Found labels are green, missed ones yellow, and unmatched boxes red.
     * The index has a line for each missed label and each unmatched box.
     *
     * @param maxBytes of a picture
     * @param done called after each picture
     */
    public void write(Detection detection, PictureDecoder decoder, int maxBytes, Runnable done) throws IOException {
        clear();
        List<Detection.Judged> wrong =
                detection.judged().stream().filter(Detection.Judged::wrong).toList();
        List<String> pictures = IntStream.range(0, wrong.size())
                .mapToObj(i -> picture(i + 1, wrong.get(i)))
                .toList();
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < wrong.size(); i++) {
            lines.addAll(lines(pictures.get(i), wrong.get(i)));
        }
        writeIndex(
                Stream.concat(lines.stream(), detection.undecodable().stream().map(ErrorFolder::line)));
        inParallel(wrong.size(), i -> {
            writeBoxes(folder.resolve(pictures.get(i)), wrong.get(i), decoder, maxBytes);
            done.run();
        });
    }

    private static String picture(int number, Detection.Judged judged) {
        return String.format(
                Locale.ROOT,
                "%05d-%d-missed-%d-false-positive-%s.png",
                number,
                judged.missed(),
                judged.unmatched().size(),
                plain(judged.file().getFileName().toString()));
    }

    private static List<Line> lines(String picture, Detection.Judged judged) {
        List<Line> lines = new ArrayList<>();
        String photo = judged.file().toString();
        for (int i = 0; i < judged.found().length; i++) {
            LabelledBox label = judged.labels().get(i);
            if (!judged.found()[i]) {
                lines.add(new Line(
                        picture, "missed", photo, "", Float.NaN, (text(label.box()) + " " + label.kind()).strip()));
            }
        }
        for (DetectedFace face : judged.unmatched()) {
            String detail = String.format(Locale.ROOT, "%s confidence %.3f", text(face.box()), face.confidence());
            lines.add(new Line(picture, "false-positive", photo, "", Float.NaN, detail));
        }
        return lines;
    }

    private static String text(Box box) {
        return String.format(Locale.ROOT, "x %.0f y %.0f, %.0fx%.0f px", box.x(), box.y(), box.width(), box.height());
    }

    private static void writeBoxes(Path file, Detection.Judged judged, PictureDecoder decoder, int maxBytes)
            throws IOException {
        try (Picture picture = decoder.decode(PhotoBytes.read(judged.file(), maxBytes))) {
            for (int i = 0; i < judged.found().length; i++) {
                draw(picture.rgb(), judged.labels().get(i).box(), judged.found()[i] ? 0 : 255, 200);
            }
            for (DetectedFace face : judged.unmatched()) {
                draw(picture.rgb(), face.box(), 255, 0);
            }
            write(picture.rgb(), file);
        } catch (RejectedException e) {
            throw new IOException(judged.file() + " has changed in the meantime: " + e.getMessage(), e);
        }
    }

    private static void draw(Mat rgb, Box box, int red, int green) {
        try (Rect place = new Rect(
                        Math.round(box.x()), Math.round(box.y()), Math.round(box.width()), Math.round(box.height()));
                Scalar colour = new Scalar(red, green, 0, 0)) {
            rectangle(rgb, place, colour, LINE_WIDTH, LINE_8, 0);
        }
    }

    /** Writes through Java's file access, which says what is wrong with a file or disk; OpenCV only reports failure. */
    private static void write(Mat rgb, Path file) throws IOException {
        try (Mat bgr = new Mat();
                BytePointer png = new BytePointer()) {
            cvtColor(rgb, bgr, COLOR_RGB2BGR);
            if (!imencode(".png", bgr, png)) {
                throw new IOException(file + " could not be encoded");
            }
            byte[] bytes = new byte[(int) png.limit()];
            png.get(bytes);
            Files.write(file, bytes);
        }
    }
}
