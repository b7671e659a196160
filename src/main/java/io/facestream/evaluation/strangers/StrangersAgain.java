package io.facestream.evaluation.strangers;

import io.facestream.calibration.Bootstrap;
import io.facestream.calibration.Figure;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.PhotoSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Is who comes back the same stranger? People come three times each, one photo a time, in a random order; nobody is
 * enrolled. One person is two if the visits are of more than one stranger; two people are one if they share a stranger.
 * Figures are means over the drawings.
 */
public final class StrangersAgain {
    /** Visits of each person. */
    public static final int VISITS = 3;

    private static final int DRAWINGS = 20;

    private static final double[] CURVE = {0.8, 0.85, 0.9, 0.95, 1, 1.025, 1.05, 1.075, 1.1, 1.125, 1.15, 1.2, 1.25};

    private final PhotoSet people;
    private final long seed;
    private final List<List<Visit>> drawings;
    private final int poor;

    private record Visit(int person, EmbeddedPhoto photo) {}

    /**
     * @param photos decodable, of people with at least {@link #VISITS} photos
     * @param isGood whether a visit with that face is kept
     * @param seed of drawings and bootstrap
     */
    public StrangersAgain(List<EmbeddedPhoto> photos, Predicate<EmbeddedPhoto> isGood, long seed) {
        this.people = new PhotoSet(photos);
        this.seed = seed;
        List<List<EmbeddedPhoto>> ofPerson = new ArrayList<>();
        IntStream.range(0, people.people()).forEach(i -> ofPerson.add(new ArrayList<>()));
        for (int i = 0; i < photos.size(); i++) {
            ofPerson.get(people.person(i)).add(photos.get(i));
        }
        this.poor = (int) photos.stream()
                .filter(photo -> !photo.detected() || !isGood.test(photo))
                .count();
        this.drawings = IntStream.range(0, DRAWINGS)
                .mapToObj(drawing -> draw(ofPerson, isGood, new Random(seed * DRAWINGS + drawing)))
                .toList();
    }

    private static List<Visit> draw(
            List<List<EmbeddedPhoto>> ofPerson, Predicate<EmbeddedPhoto> isGood, Random random) {
        List<Visit> visits = new ArrayList<>();
        for (int person = 0; person < ofPerson.size(); person++) {
            List<EmbeddedPhoto> drawn = new ArrayList<>(ofPerson.get(person));
            Collections.shuffle(drawn, random);
            for (EmbeddedPhoto photo : drawn.subList(0, VISITS)) {
                if (photo.detected() && isGood.test(photo)) {
                    visits.add(new Visit(person, photo));
                }
            }
        }
        Collections.shuffle(visits, random);
        return visits;
    }

    /**
     * What comes of a threshold.
     *
     * @param threshold the same for any number of strangers
     * @param asTwo share of the people who are more than one stranger
     * @param asOne share of the people who share a stranger with somebody else
     */
    public record Point(double threshold, double asTwo, double asOne) {}

    /**
     * @param people who came
     * @param poorPhotos without a face, or with one that is too poor to keep
     * @param visits of a drawing, mean
     * @param strangers who are kept at the end of a drawing, mean
     * @param threshold in force for that many
     * @param asTwo as in {@link Point}
     * @param asOne as in {@link Point}
     * @param intervals 95 %, bootstrapped over people, by the figure's name
     * @param curve at fixed thresholds
     */
    public record Report(
            int people,
            int drawings,
            int poorPhotos,
            double visits,
            double strangers,
            double threshold,
            double asTwo,
            double asOne,
            Map<String, double[]> intervals,
            List<Point> curve) {}

    /** By person, the share of drawings in which it happened. */
    private record Outcome(double[] asTwo, double[] asOne, double strangers) {}

    /** @param threshold in force, by the number of strangers who are kept */
    public Report report(IntToDoubleFunction threshold) {
        Outcome inForce = outcome(threshold::applyAsDouble);
        List<Figure> figures = List.of(
                Figure.share("asTwo", people.people(), weights -> mean(inForce.asTwo, weights)),
                Figure.share("asOne", people.people(), weights -> mean(inForce.asOne, weights)));
        int[] once = new int[people.people()];
        Arrays.fill(once, 1);
        List<Point> curve = Arrays.stream(CURVE)
                .mapToObj(fixed -> {
                    Outcome outcome = outcome(strangers -> fixed);
                    return new Point(fixed, mean(outcome.asTwo, once), mean(outcome.asOne, once));
                })
                .toList();
        return new Report(
                people.people(),
                DRAWINGS,
                poor,
                drawings.stream().mapToInt(List::size).average().getAsDouble(),
                inForce.strangers,
                threshold.applyAsDouble((int) Math.round(inForce.strangers)),
                mean(inForce.asTwo, once),
                mean(inForce.asOne, once),
                new Bootstrap(people.people(), seed).intervals(figures),
                curve);
    }

    private static double mean(double[] shares, int[] weights) {
        double sum = 0;
        double all = 0;
        for (int i = 0; i < shares.length; i++) {
            sum += weights[i] * shares[i];
            all += weights[i];
        }
        return sum / all;
    }

    private Outcome outcome(KeptStrangers.Threshold threshold) {
        double[] asTwo = new double[people.people()];
        double[] asOne = new double[people.people()];
        double strangers = 0;
        for (List<Visit> visits : drawings) {
            KeptStrangers kept = new KeptStrangers(threshold);
            Map<Integer, Set<Integer>> strangersOf = new HashMap<>();
            Map<Integer, Set<Integer>> peopleOf = new HashMap<>();
            for (Visit visit : visits) {
                int stranger = kept.visit(visit.photo);
                strangersOf.computeIfAbsent(visit.person, p -> new HashSet<>()).add(stranger);
                peopleOf.computeIfAbsent(stranger, s -> new HashSet<>()).add(visit.person);
            }
            strangersOf.forEach((person, theirs) -> {
                if (theirs.size() > 1) {
                    asTwo[person] += 1.0 / DRAWINGS;
                }
                if (theirs.stream().anyMatch(stranger -> peopleOf.get(stranger).size() > 1)) {
                    asOne[person] += 1.0 / DRAWINGS;
                }
            });
            strangers += (double) kept.size() / DRAWINGS;
        }
        return new Outcome(asTwo, asOne, strangers);
    }
}
