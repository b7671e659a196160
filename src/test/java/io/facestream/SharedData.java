package io.facestream;

import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imread;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_BGR2RGB;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.facestream.frames.Picture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;

/**
 * Photos of real people, which are no part of the project for they may not be passed on. Tests that need them are
 * skipped where they are absent.
 */
public final class SharedData {
    private static final Path FOLDER = Path.of("../shared/data");

    private SharedData() {}

    /**
     * Some of LFW's photos, or all if there are no more, spread evenly over all people; each shows one face about 100
     * px high in its middle.
     */
    public static List<Path> lfwPhotos(int count) {
        Path folder = FOLDER.resolve("lfw-dev");
        assumeTrue(Files.isDirectory(folder), folder + " is absent: no photos of faces to test with");
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> all = files.filter(file -> file.toString().endsWith(".jpg"))
                    .sorted()
                    .toList();
            int most = Math.min(count, all.size());
            return IntStream.range(0, most)
                    .mapToObj(i -> all.get(i * all.size() / most))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first photos of some of LFW's people, by name; the first people in the alphabet who have as many. */
    public static Map<String, List<Path>> lfwPeople(int people, int photos) {
        return lfwPhotos(Integer.MAX_VALUE).stream()
                .collect(Collectors.groupingBy(
                        photo -> photo.getParent().getFileName().toString(), TreeMap::new, Collectors.toList()))
                .entrySet()
                .stream()
                .filter(person -> person.getValue().size() >= photos)
                .limit(people)
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        person -> person.getValue().subList(0, photos),
                        (one, other) -> one,
                        TreeMap::new));
    }

    /** LFW's photos, side by side in rows of so many. */
    public static Picture crowd(List<Path> photos, int columns) {
        int rows = photos.size() / columns;
        Mat crowd = new Mat(250 * rows, 250 * columns, CV_8UC3);
        for (int i = 0; i < photos.size(); i++) {
            try (Picture photo = read(photos.get(i));
                    Rect place = new Rect(i % columns * 250, i / columns * 250, 250, 250)) {
                photo.rgb().copyTo(crowd.apply(place));
            }
        }
        return new Picture(crowd);
    }

    public static Picture read(Path photo) {
        Mat rgb = new Mat();
        try (Mat bgr = imread(photo.toString())) {
            cvtColor(bgr, rgb, COLOR_BGR2RGB);
        }
        return new Picture(rgb);
    }
}
