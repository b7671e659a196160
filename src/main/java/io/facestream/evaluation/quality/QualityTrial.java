package io.facestream.evaluation.quality;

import io.facestream.calibration.Bootstrap;
import io.facestream.calibration.Figure;
import io.facestream.calibration.LogisticRegression;
import io.facestream.identities.QualityScore;
import io.facestream.photos.Hardship;
import io.facestream.photos.LabelledPhotos.Photo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Fits the score of quality on one half of the people and counts on the other, and the other way round, so that every
 * face is scored by what was fitted on other people. Dealt twice at random.
 */
public final class QualityTrial {
    private static final int DEALS = 2;
    private static final double[] DISCARDED = {0, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9};

    /** With fewer, neither fit nor count says anything. */
    private static final int LEAST_PEOPLE = 40;

    private final QualitySearches searches;
    private final long seed;
    private final List<JudgedFace> faces;

    public QualityTrial(QualitySearches searches, long seed) {
        this.searches = searches;
        this.seed = seed;
        this.faces = searches.faces();
    }

    /**
     * Checks before the long work that there are enough people.
     *
     * @throws IllegalArgumentException if there are not
     */
    public static void check(QualitySearches.Photos photos) {
        long people = photos.enrolled().stream().map(Photo::name).distinct().count();
        if (people < LEAST_PEOPLE) {
            throw new IllegalArgumentException("quality is fitted and counted on at least " + LEAST_PEOPLE
                    + " people with " + QualitySearches.LEAST_PHOTOS + " photos, not on " + people);
        }
    }

    /**
     * Faces of one hardship.
     *
     * @param faces that were found
     * @param undetected photos in which none was
     * @param right share that was told right
     * @param quality mean of the fitted score
     */
    public record ByHardship(int faces, int undetected, double right, double quality) {}

    /**
     * A score's worth.
     *
     * @param area under the curve of errors against the share discarded, from 0 to 0.95, over its width
     * @param errors by the share discarded
     * @param calibrationError expected; null for a score that is no share
     */
    public record Worth(double area, Map<Double, Double> errors, Double calibrationError) {}

    /**
     * @param people enrolled, and searched for
     * @param faces searched for
     * @param fitted the score as fitted on other people
     * @param shipped the score that ships with this build
     * @param norm the norm alone
     * @param perfect a score that knows which are told right
     * @param random discarding at random
     * @param score fitted on everybody here
     * @param intervals 95 %, bootstrapped over people, by the figure's name
     */
    public record Report(
            int people,
            int faces,
            Worth fitted,
            Worth shipped,
            Worth norm,
            Worth perfect,
            double random,
            Map<Hardship, ByHardship> byHardship,
            QualityScore score,
            Map<String, double[]> intervals) {}

    /** @param source what to call the people it is fitted on */
    public Report report(String source) {
        Map<JudgedFace, Double> fitted = crossFitted();
        QualityScore shipped = QualityScore.shipped();
        int[] once = new int[searches.people()];
        Arrays.fill(once, 1);
        List<Figure> figures = new ArrayList<>();
        Worth ofFitted = worth("fitted", fitted::get, true, figures, once);
        Worth ofShipped = worth("shipped", face -> shipped.of(face.quality(), face.confidence()), true, figures, once);
        Worth ofNorm = worth("norm", face -> face.quality().norm(), false, figures, once);
        Worth perfect = worth("perfect", face -> face.right() ? 1 : 0, false, figures, once);
        Map<Hardship, ByHardship> byHardship = new EnumMap<>(Hardship.class);
        for (Hardship hardship : Hardship.values()) {
            List<JudgedFace> these =
                    faces.stream().filter(face -> face.hardship() == hardship).toList();
            byHardship.put(
                    hardship,
                    new ByHardship(
                            these.size(),
                            searches.undetected(hardship),
                            these.stream()
                                    .mapToInt(face -> face.right() ? 1 : 0)
                                    .average()
                                    .orElse(Double.NaN),
                            these.stream().mapToDouble(fitted::get).average().orElse(Double.NaN)));
        }
        return new Report(
                searches.people(),
                faces.size(),
                ofFitted,
                ofShipped,
                ofNorm,
                perfect,
                1
                        - faces.stream()
                                .mapToInt(face -> face.right() ? 1 : 0)
                                .average()
                                .orElse(Double.NaN),
                byHardship,
                fit(faces, source),
                new Bootstrap(searches.people(), seed).intervals(figures));
    }

    private Worth worth(
            String name, ToDoubleFunction<JudgedFace> score, boolean share, List<Figure> figures, int[] once) {
        Scored scored = new Scored(faces, searches.people(), score);
        Figure area = scored.areaFigure(name + ".area");
        figures.add(area);
        Map<Double, Double> errors = new LinkedHashMap<>();
        List<Figure> curve = scored.curve(name + ".errors.", DISCARDED);
        for (int i = 0; i < DISCARDED.length; i++) {
            errors.put(DISCARDED[i], curve.get(i).of().applyAsDouble(once));
        }
        figures.addAll(curve);
        if (share) {
            figures.add(Figure.measure(name + ".calibrationError", searches.people(), scored::calibrationError));
        }
        return new Worth(area.of().applyAsDouble(once), errors, share ? scored.calibrationError(once) : null);
    }

    /** For each face the mean of the scores that were fitted without its person. */
    private Map<JudgedFace, Double> crossFitted() {
        Map<JudgedFace, Double> scores = new IdentityHashMap<>();
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, searches.people()).boxed().toList());
        Random random = new Random(seed);
        for (int deal = 0; deal < DEALS; deal++) {
            Collections.shuffle(order, random);
            boolean[] first = new boolean[searches.people()];
            order.subList(0, order.size() / 2).forEach(person -> first[person] = true);
            for (boolean half : new boolean[] {true, false}) {
                QualityScore score = fit(
                        faces.stream()
                                .filter(face -> first[face.person()] == half)
                                .toList(),
                        "");
                faces.stream()
                        .filter(face -> first[face.person()] != half)
                        .forEach(face ->
                                scores.merge(face, score.of(face.quality(), face.confidence()) / DEALS, Double::sum));
            }
        }
        return scores;
    }

    private static QualityScore fit(List<JudgedFace> faces, String source) {
        LogisticRegression regression = new LogisticRegression(QualityScore.FEATURES);
        faces.forEach(
                face -> regression.add(QualityScore.features(face.quality(), face.confidence()), 0, face.right(), 1));
        return new QualityScore(source, Arrays.stream(regression.fit()).boxed().toList());
    }
}
