package io.facestream.evaluation.strangers;

import io.facestream.calibration.Bootstrap;
import io.facestream.calibration.Figure;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.LabelledPhotos.Photo;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Is who comes back the same stranger? People come three times each, in a random order; each visit is filmed from
 * another photo, and nobody is enrolled. One person is two if the visits are of more than one stranger; two people are
 * one if they share a stranger. Figures are means over the drawings.
 */
public final class StrangersAgain {
    /** Visits of each person. */
    public static final int VISITS = 3;

    /** Frames of a visit. */
    public static final int FRAMES = 5;

    /** How often people and photos are drawn. */
    public static final int DRAWINGS = 20;

    private final List<List<Photo>> drawings;
    private final List<String> people;
    private final long seed;

    /**
     * @param photos of people with at least {@link #VISITS} each
     * @param seed of drawings and bootstrap
     */
    public StrangersAgain(List<Photo> photos, long seed) {
        Map<String, List<Photo>> ofPerson = new LinkedHashMap<>();
        photos.forEach(photo -> ofPerson.computeIfAbsent(photo.name(), name -> new ArrayList<>())
                .add(photo));
        this.people = List.copyOf(ofPerson.keySet());
        this.seed = seed;
        this.drawings = IntStream.range(0, DRAWINGS)
                .mapToObj(drawing -> draw(ofPerson.values(), new Random(seed * DRAWINGS + drawing)))
                .toList();
    }

    private static List<Photo> draw(Collection<List<Photo>> people, Random random) {
        List<Photo> visits = new ArrayList<>();
        for (List<Photo> photos : people) {
            List<Photo> drawn = new ArrayList<>(photos);
            Collections.shuffle(drawn, random);
            visits.addAll(drawn.subList(0, VISITS));
        }
        Collections.shuffle(visits, random);
        return visits;
    }

    /** The photos that visits are filmed from, each once. */
    public List<Photo> photos() {
        Set<Photo> drawn = new LinkedHashSet<>();
        drawings.forEach(drawn::addAll);
        return List.copyOf(drawn);
    }

    /**
     * @param people who came
     * @param frames of a visit
     * @param visits of a drawing
     * @param strangers who are kept at the end of a drawing, mean
     * @param threshold in force for that many
     * @param kept share of the visits that are of a stranger; of the others nothing good enough was seen
     * @param asTwo share of the people who are more than one stranger
     * @param asOne share of the people who share a stranger with somebody else
     * @param intervals 95 %, bootstrapped over people, by the figure's name
     */
    public record Report(
            int people,
            int drawings,
            int frames,
            int visits,
            double strangers,
            double threshold,
            double kept,
            double asTwo,
            double asOne,
            Map<String, double[]> intervals) {}

    /** By person, the share of visits that were kept, and of drawings in which it happened. */
    private static final class Tally {
        final double[] kept;
        final double[] asTwo;
        final double[] asOne;
        double strangers;

        Tally(int people) {
            kept = new double[people];
            asTwo = new double[people];
            asOne = new double[people];
        }
    }

    /**
     * Lets everybody come by.
     *
     * @param frames of each photo's visit
     * @param passersBy who know nobody yet
     * @param threshold in force, by the number of strangers who are kept
     * @param done called after each drawing
     */
    public Report report(
            Map<Photo, List<EmbeddedPhoto>> frames, PassersBy passersBy, IntToDoubleFunction threshold, Runnable done)
            throws SQLException {
        Tally tally = new Tally(people.size());
        for (List<Photo> visits : drawings) {
            passersBy.forgetAll();
            comeBy(visits, frames, passersBy, tally);
            done.run();
        }
        int[] once = new int[people.size()];
        Arrays.fill(once, 1);
        return new Report(
                people.size(),
                DRAWINGS,
                FRAMES,
                people.size() * VISITS,
                tally.strangers,
                threshold.applyAsDouble((int) Math.round(tally.strangers)),
                mean(tally.kept, once),
                mean(tally.asTwo, once),
                mean(tally.asOne, once),
                new Bootstrap(people.size(), seed)
                        .intervals(List.of(
                                figure("kept", tally.kept),
                                figure("asTwo", tally.asTwo),
                                figure("asOne", tally.asOne))));
    }

    private Figure figure(String name, double[] shares) {
        return Figure.share(name, people.size(), weights -> mean(shares, weights));
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

    private void comeBy(List<Photo> visits, Map<Photo, List<EmbeddedPhoto>> frames, PassersBy passersBy, Tally tally)
            throws SQLException {
        Map<String, Set<UUID>> strangersOf = new HashMap<>();
        Map<UUID, Set<String>> peopleOf = new HashMap<>();
        Map<String, Integer> kept = new HashMap<>();
        for (Photo photo : visits) {
            Set<UUID> strangers = passersBy.visit(frames.get(photo));
            if (!strangers.isEmpty()) {
                kept.merge(photo.name(), 1, Integer::sum);
            }
            for (UUID stranger : strangers) {
                strangersOf
                        .computeIfAbsent(photo.name(), name -> new HashSet<>())
                        .add(stranger);
                peopleOf.computeIfAbsent(stranger, id -> new HashSet<>()).add(photo.name());
            }
        }
        for (int person = 0; person < people.size(); person++) {
            Set<UUID> theirs = strangersOf.getOrDefault(people.get(person), Set.of());
            tally.kept[person] += kept.getOrDefault(people.get(person), 0) / (double) (VISITS * DRAWINGS);
            if (theirs.size() > 1) {
                tally.asTwo[person] += 1.0 / DRAWINGS;
            }
            if (theirs.stream().anyMatch(stranger -> peopleOf.get(stranger).size() > 1)) {
                tally.asOne[person] += 1.0 / DRAWINGS;
            }
        }
        tally.strangers += (double) peopleOf.size() / DRAWINGS;
    }
}
