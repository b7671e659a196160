package io.facestream.evaluation;

import io.facestream.evaluation.LabelledBoxes.LabelledBox;
import io.facestream.faces.DetectedFace;
import io.facestream.faces.FaceDetector;
import io.facestream.frames.Picture;
import io.facestream.frames.PictureDecoder;
import io.facestream.messaging.RejectedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Is every face found, and nothing else? A detected box is matched with at most one label, the most confident box first. */
public final class Detection {
    private static final float MIN_SIDE = 40;
    private static final double NANOS_PER_MILLI = 1e6;

    private final Map<String, List<LabelledBox>> labels;
    private final float leastOverlap;
    private final List<Judged> judged = new ArrayList<>();

    /**
     * A picture and what became of its faces.
     *
     * @param found for each label, whether a box matches it
     * @param unmatched detected faces that match no label
     */
    public record Judged(
            Path file, List<LabelledBox> labels, boolean[] found, List<DetectedFace> unmatched, double millis) {
        /** Whether a face was missed, or a box matches no label. */
        public boolean wrong() {
            return !unmatched.isEmpty() || !IntStream.range(0, found.length).allMatch(i -> found[i]);
        }
    }

    /**
     * @param boxes a CSV file with the header {@code file,x,y,width,height,class}; empty where no picture has a face
     * @param leastOverlap of a match: intersection over union, 0 to 1
     * @throws IOException if the file cannot be read
     */
    public Detection(Optional<Path> boxes, float leastOverlap) throws IOException {
        if (!(leastOverlap > 0 && leastOverlap <= 1)) {
            throw new IllegalArgumentException("the least overlap of a match is 0 to 1, not " + leastOverlap);
        }
        this.labels = boxes.isPresent() ? LabelledBoxes.read(boxes.get()) : Map.of();
        this.leastOverlap = leastOverlap;
    }

    /**
     * Makes sure that every labelled picture is among those to be looked at: faces in a picture that is not would count as neither
     * found nor missed.
     *
     * @throws IOException naming one that is not
     */
    public void requireLabelledAmong(List<Path> files) throws IOException {
        Set<String> names =
                files.stream().map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        for (String labelled : labels.keySet()) {
            if (!names.contains(labelled)) {
                throw new IOException("faces are labelled in " + labelled + ", which is not among the pictures");
            }
        }
    }

    /** Detects in a picture; one that cannot be decoded has no faces. */
    public void add(Path file, PictureDecoder decoder, FaceDetector detector) throws IOException {
        List<LabelledBox> ofPicture = labels.getOrDefault(file.getFileName().toString(), List.of());
        try (Picture picture = decoder.decode(Files.readAllBytes(file))) {
            long started = System.nanoTime();
            List<DetectedFace> faces = detector.detect(picture);
            judged.add(judge(file, ofPicture, faces, (System.nanoTime() - started) / NANOS_PER_MILLI));
        } catch (RejectedException e) {
            judged.add(judge(file, ofPicture, List.of(), Double.NaN));
        }
    }

    private Judged judge(Path file, List<LabelledBox> labels, List<DetectedFace> faces, double millis) {
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
        return new Judged(file, labels, found, unmatched, millis);
    }

    public List<Judged> judged() {
        return List.copyOf(judged);
    }

    /**
     * Shares of labelled faces that were found; null where there are none.
     *
     * @param min40 of those whose shorter side is 40 px or more
     */
    public record Recall(Double all, Double min40) {}

    /**
     * @param images pictures looked at
     * @param faces labelled ones
     * @param falsePositives detected boxes that match no label; some are faces that nobody labelled
     * @param millisPerImage mean time to detect in a decoded picture, one at a time
     * @param intervals 95 %, bootstrapped over pictures, by the figure's name
     */
    public record Report(
            int images,
            int faces,
            Recall recall,
            Map<String, Recall> recallByClass,
            int falsePositives,
            double millisPerImage,
            double medianMillisPerImage,
            Map<String, double[]> intervals) {}

    public Report report(long seed) {
        List<Predicate<LabelledBox>> figures = new ArrayList<>();
        List<String> names = new ArrayList<>();
        Map<String, Recall> byClass = new LinkedHashMap<>();
        figures.add(box -> true);
        names.add("recall");
        TreeSet<String> kinds = new TreeSet<>();
        judged.forEach(picture -> picture.labels().forEach(label -> kinds.add(label.kind())));
        for (String kind : kinds) {
            figures.add(box -> box.kind().equals(kind));
            names.add("recallByClass." + kind);
            byClass.put(kind, recall(figures.get(figures.size() - 1)));
        }
        Map<String, double[]> intervals = new LinkedHashMap<>();
        double[][] bounds = new Bootstrap(judged.size(), seed).intervals(weights -> {
            double[] replicate = new double[2 * figures.size() + 1];
            for (int i = 0; i < figures.size(); i++) {
                replicate[2 * i] = recall(figures.get(i), weights);
                replicate[2 * i + 1] = recall(figures.get(i).and(Detection::isLarge), weights);
            }
            for (int i = 0; i < weights.length; i++) {
                replicate[2 * figures.size()] +=
                        weights[i] * judged.get(i).unmatched().size();
            }
            return replicate;
        });
        for (int i = 0; i < names.size(); i++) {
            intervals.put(names.get(i) + ".all", bounds[2 * i]);
            intervals.put(names.get(i) + ".min40", bounds[2 * i + 1]);
        }
        intervals.put("falsePositives", bounds[2 * names.size()]);
        double[] millis = judged.stream()
                .mapToDouble(Judged::millis)
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        return new Report(
                judged.size(),
                judged.stream().mapToInt(picture -> picture.labels().size()).sum(),
                recall(figures.get(0)),
                byClass,
                judged.stream().mapToInt(picture -> picture.unmatched().size()).sum(),
                Arrays.stream(millis).average().orElse(0),
                millis.length == 0 ? 0 : millis[millis.length / 2],
                intervals);
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
