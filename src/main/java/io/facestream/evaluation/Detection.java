package io.facestream.evaluation;

import io.facestream.calibration.Bootstrap;
import io.facestream.calibration.Figure;
import io.facestream.calibration.Figures;
import io.facestream.evaluation.LabelledBoxes.LabelledBox;
import io.facestream.faces.DetectedFace;
import io.facestream.faces.FaceDetector;
import io.facestream.frames.Picture;
import io.facestream.frames.PictureDecoder;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Sha256;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.PhotoBytes;
import io.facestream.photos.TextFile;
import io.facestream.photos.Undecodable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Is every face found, and nothing else? A detected box is matched with at most one label, the most confident box
 * first.
 */
public final class Detection {
    private static final float MIN_SIDE = 40;
    private static final double NANOS_PER_MILLI = 1e6;

    private final Map<String, List<LabelledBox>> labels;
    private final float leastOverlap;
    private final List<Judged> judged = new ArrayList<>();
    private final List<Undecodable> undecodable = new ArrayList<>();

    /**
     * A picture and the outcome for its faces.
     *
     * @param sha256 of the file
     * @param found whether a box matches each label
     * @param unmatched detected faces that match no label
     * @param millis duration of the detection
     */
    public record Judged(
            Path file,
            String sha256,
            List<LabelledBox> labels,
            boolean[] found,
            List<DetectedFace> unmatched,
            double millis) {
        /** Labelled faces that were not found. */
        public int missed() {
            return (int) IntStream.range(0, found.length).filter(i -> !found[i]).count();
        }

        /** Whether a face was missed, or a box matches no label. */
        public boolean wrong() {
            return missed() > 0 || !unmatched.isEmpty();
        }
    }

    /**
     * @param boxes a CSV file with the header {@code file,x,y,width,height,class}; empty if no picture has a face
     * @param leastOverlap least intersection over union of a match, above 0 and at most 1
     * @throws IOException if the file cannot be read
     */
    public Detection(Optional<Path> boxes, float leastOverlap) throws IOException {
        if (!(leastOverlap > 0 && leastOverlap <= 1)) {
            throw new IllegalArgumentException("--overlap is above 0 and at most 1, not " + leastOverlap);
        }
        this.labels = boxes.isPresent() ? LabelledBoxes.read(boxes.get()) : Map.of();
        this.leastOverlap = leastOverlap;
    }

    /**
     * Makes sure that every labelled picture is among the files. Faces in a missing picture would count as neither
     * found nor missed.
     *
     * @throws IOException naming a missing one
     */
    public void requireLabelledAmong(List<Path> files) throws IOException {
        Set<String> names = files.stream()
                .map(file -> TextFile.normalised(file.getFileName().toString()))
                .collect(Collectors.toSet());
        for (String labelled : labels.keySet()) {
            if (!names.contains(labelled)) {
                throw new IOException("faces are labelled in " + labelled + ", which is not among the pictures");
            }
        }
    }

    /**
     * Detects faces in a picture. A picture that cannot be decoded is recorded, and no figure counts it.
     *
     * @param maxBytes of a picture
     */
    public void add(Path file, PictureDecoder decoder, int maxBytes, FaceDetector detector) {
        List<LabelledBox> ofPicture =
                labels.getOrDefault(TextFile.normalised(file.getFileName().toString()), List.of());
        byte[] bytes = null;
        try {
            bytes = PhotoBytes.read(file, maxBytes);
            try (Picture picture = decoder.decode(bytes)) {
                long started = System.nanoTime();
                List<DetectedFace> faces = detector.detect(picture);
                double millis = (System.nanoTime() - started) / NANOS_PER_MILLI;
                judged.add(judge(file, Sha256.hex(bytes), ofPicture, faces, millis));
            }
        } catch (RejectedException e) {
            EmbeddedPhoto.Source source = PhotoBytes.undecodable(bytes, e);
            undecodable.add(new Undecodable(file.toString(), source.sha256(), source.undecodable(), ofPicture.size()));
        }
    }

    private Judged judge(Path file, String sha256, List<LabelledBox> labels, List<DetectedFace> faces, double millis) {
        boolean[] found = new boolean[labels.size()];
        List<DetectedFace> unmatched = new ArrayList<>();
        for (DetectedFace face : faces) {
            int best = -1;
            float bestOverlap = leastOverlap;
            for (int i = 0; i < found.length; i++) {
                float overlap = face.box().intersectionOverUnion(labels.get(i).box());
                if (!found[i] && overlap >= bestOverlap) {
                    best = i;
                    bestOverlap = overlap;
                }
            }
            if (best >= 0) {
                found[best] = true;
            } else {
                unmatched.add(face);
            }
        }
        return new Judged(file, sha256, labels, found, unmatched, millis);
    }

    public List<Judged> judged() {
        return List.copyOf(judged);
    }

    public List<Undecodable> undecodable() {
        return List.copyOf(undecodable);
    }

    /**
     * Shares of labelled faces that were found; null if there are no labelled faces.
     *
     * @param min40 share of the faces whose shorter side is 40 px or more
     */
    public record Recall(Double all, Double min40) {}

    /**
     * @param images number of decoded pictures
     * @param faces number of labelled faces
     * @param falsePositives detected boxes that match no label; some of them may be unlabelled faces
     * @param falseNegatives labelled faces that no box matches
     * @param millisPerImage mean time of a detection in a decoded picture, one picture at a time
     * @param millisRange times of the fastest and the slowest picture
     * @param undecodableFaces labelled faces of pictures that cannot be decoded; no other figure counts them
     * @param intervals 95 %, bootstrapped over pictures, by the figure's name
     */
    public record Report(
            int images,
            int faces,
            Recall recall,
            Map<String, Recall> recallByClass,
            int falsePositives,
            int falseNegatives,
            Double millisPerImage,
            Double medianMillisPerImage,
            double[] millisRange,
            int undecodableFaces,
            Map<String, double[]> intervals) {}

    /** @throws IllegalStateException if no picture could be decoded */
    public Report report(long seed) {
        if (judged.isEmpty()) {
            throw new IllegalStateException("none of the pictures can be decoded; "
                    + undecodable.get(0).file() + ": " + undecodable.get(0).reason());
        }
        List<Figure> figures = new ArrayList<>();
        recall(figures, "recall", box -> true);
        Map<String, Recall> byClass = new LinkedHashMap<>();
        TreeSet<String> kinds = new TreeSet<>();
        judged.forEach(picture -> picture.labels().forEach(label -> kinds.add(label.kind())));
        for (String kind : kinds) {
            Predicate<LabelledBox> ofKind = box -> box.kind().equals(kind);
            byClass.put(kind, recall(figures, "recallByClass." + kind, ofKind));
        }
        int faces = judged.stream().mapToInt(picture -> picture.labels().size()).sum();
        int images = judged.size();
        figures.add(Figure.count(
                "falsePositives",
                images,
                images,
                weights -> sum(weights, picture -> picture.unmatched().size())));
        figures.add(Figure.count(
                "falseNegatives", picturesWith(box -> true), faces, weights -> sum(weights, Judged::missed)));
        figures.add(Figure.measure("millisPerImage", images, weights -> sum(weights, Judged::millis) / images));
        int[] byTime = IntStream.range(0, images)
                .boxed()
                .sorted(Comparator.comparingDouble(this::millis))
                .mapToInt(Integer::intValue)
                .toArray();
        figures.add(Figure.measure("medianMillisPerImage", images, weights -> millis(byTime[middle(byTime, weights)])));
        return new Report(
                images,
                faces,
                recall(box -> true),
                byClass,
                judged.stream().mapToInt(picture -> picture.unmatched().size()).sum(),
                judged.stream().mapToInt(Judged::missed).sum(),
                judged.stream().mapToDouble(Judged::millis).average().getAsDouble(),
                millis(byTime[images / 2]),
                new double[] {millis(byTime[0]), millis(byTime[images - 1])},
                undecodable.stream().mapToInt(Undecodable::faces).sum(),
                new Bootstrap(images, seed).intervals(figures));
    }

    private double millis(int picture) {
        return judged.get(picture).millis();
    }

    private double sum(int[] weights, ToDoubleFunction<Judged> figure) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * figure.applyAsDouble(judged.get(i));
        }
        return sum;
    }

    /** The place of the weighted median in the given order. */
    private static int middle(int[] order, int[] weights) {
        int place = 0;
        for (int before = weights[order[0]]; before <= order.length / 2; before += weights[order[place]]) {
            place++;
        }
        return place;
    }

    private int picturesWith(Predicate<LabelledBox> counted) {
        return (int) judged.stream()
                .filter(picture -> picture.labels().stream().anyMatch(counted))
                .count();
    }

    /** Adds the figures of the recall of the counted labels, and returns it. */
    private Recall recall(List<Figure> figures, String name, Predicate<LabelledBox> counted) {
        Predicate<LabelledBox> large = counted.and(Detection::isLarge);
        figures.add(Figure.share(name + ".all", picturesWith(counted), weights -> recall(counted, weights)));
        figures.add(Figure.share(name + ".min40", picturesWith(large), weights -> recall(large, weights)));
        return recall(counted);
    }

    private static boolean isLarge(LabelledBox label) {
        return Math.min(label.box().width(), label.box().height()) >= MIN_SIDE;
    }

    private Recall recall(Predicate<LabelledBox> counted) {
        int[] once = new int[judged.size()];
        Arrays.fill(once, 1);
        return new Recall(
                Figures.orNull(recall(counted, once)), Figures.orNull(recall(counted.and(Detection::isLarge), once)));
    }

    private double recall(Predicate<LabelledBox> counted, int[] weights) {
        double all = 0;
        double found = 0;
        for (int i = 0; i < weights.length; i++) {
            Judged picture = judged.get(i);
            for (int label = 0; label < picture.found().length; label++) {
                if (counted.test(picture.labels().get(label))) {
                    all += weights[i];
                    found += picture.found()[label] ? weights[i] : 0;
                }
            }
        }
        return found / all;
    }
}
