package io.facestream.evaluation;

import io.facestream.evaluation.PairsFile.Pair;
import io.facestream.photos.PhotoError;
import io.facestream.photos.PhotoSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/** Pairs of photos in folds. Each fold is judged by the threshold that is best on the other folds. */
final class FoldedPairs {

    private final PhotoSet photos;
    private final List<Pair> pairs;
    private final int folds;
    private final float[] distances;

    /** The pairs in which both faces were found, nearest first. */
    private final int[] byDistance;

    private final double[] thresholds;

    /** @param pairs pairs of indices of photos; at least {@value PairsFile#FOLDS} pairs */
    FoldedPairs(PhotoSet photos, List<Pair> pairs) {
        this.photos = photos;
        this.pairs = dealt(pairs);
        this.folds = 1 + this.pairs.stream().mapToInt(Pair::fold).max().getAsInt();
        float[][] probes = photos.probes();
        this.distances = new float[pairs.size()];
        for (int i = 0; i < distances.length; i++) {
            float[] first = probes[this.pairs.get(i).first()];
            float[] second = probes[this.pairs.get(i).second()];
            distances[i] = first == null || second == null ? Float.NaN : PhotoSet.distance(first, second);
        }
        this.byDistance = IntStream.range(0, distances.length)
                .filter(i -> !Float.isNaN(distances[i]))
                .boxed()
                .sorted(Comparator.comparing(i -> distances[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        this.thresholds = thresholds(null);
    }

    List<Pair> pairs() {
        return pairs;
    }

    int folds() {
        return folds;
    }

    /**
     * The number of people whom the pairs show.
     *
     * @param fold that counts; -1 for all
     */
    int people(int fold) {
        Set<Integer> people = new HashSet<>();
        pairs.stream()
                .filter(pair -> pair.fold() == fold || fold < 0)
                .forEach(pair -> people.addAll(List.of(photos.person(pair.first()), photos.person(pair.second()))));
        return people.size();
    }

    /** The number of pairs with an undetected face; all of them count as wrong. */
    int undetected() {
        return distances.length - byDistance.length;
    }

    /** Mean of the folds' thresholds, computed again for the given weights of people; null weighs each person once. */
    double meanThreshold(int[] weights) {
        return Arrays.stream(weights == null ? thresholds : thresholds(weights))
                .average()
                .getAsDouble();
    }

    double[] foldAccuracies() {
        return IntStream.range(0, folds)
                .mapToDouble(fold -> accuracy(fold, null))
                .toArray();
    }

    /**
     * The pairs with folds numbered from 0 on, none of them empty. Pairs that come as a single fold are dealt into
     * several.
     */
    private static List<Pair> dealt(List<Pair> pairs) {
        List<Integer> folds = pairs.stream().map(Pair::fold).distinct().toList();
        List<Pair> dealt = new ArrayList<>();
        int[] count = new int[2];
        for (Pair pair : pairs) {
            int fold = folds.size() > 1 ? folds.indexOf(pair.fold()) : count[pair.same() ? 1 : 0]++ % PairsFile.FOLDS;
            dealt.add(new Pair(pair.first(), pair.second(), pair.same(), fold));
        }
        return dealt;
    }

    /** @param weights of people; null for one each */
    private double[] thresholds(int[] weights) {
        return IntStream.range(0, folds)
                .mapToDouble(fold -> bestOnOthers(fold, weights))
                .toArray();
    }

    /** The median of the thresholds that make the fewest mistakes on the pairs outside a fold. */
    private double bestOnOthers(int fold, int[] weights) {
        int[] others = Arrays.stream(byDistance)
                .filter(i -> pairs.get(i).fold() != fold)
                .toArray();
        double right = Arrays.stream(others)
                .filter(i -> !pairs.get(i).same())
                .mapToDouble(i -> weight(pairs.get(i), weights))
                .sum();
        double best = right;
        List<Double> bests = new ArrayList<>(List.of(0.0));
        for (int i = 0; i < others.length; i++) {
            double weight = weight(pairs.get(others[i]), weights);
            right += pairs.get(others[i]).same() ? weight : -weight;
            float next = i + 1 < others.length ? distances[others[i + 1]] : 2;
            if (right > best) {
                best = right;
                bests.clear();
            }
            if (right == best) {
                bests.add((distances[others[i]] + next) / 2.0);
            }
        }
        return bests.get(bests.size() / 2);
    }

    private double weight(Pair pair, int[] weights) {
        if (weights == null) {
            return 1;
        }
        int first = weights[photos.person(pair.first())];
        return pair.same() ? first : (double) first * weights[photos.person(pair.second())];
    }

    private boolean right(int pair) {
        // A missing distance (NaN) makes both comparisons false.
        double threshold = thresholds[pairs.get(pair).fold()];
        return pairs.get(pair).same() ? distances[pair] <= threshold : distances[pair] > threshold;
    }

    /**
     * The share of pairs that are judged correctly, each by its fold's threshold.
     *
     * @param fold that counts; -1 for all
     * @param weights of people; null for one each
     */
    double accuracy(int fold, int[] weights) {
        double right = 0;
        double all = 0;
        for (int i = 0; i < distances.length; i++) {
            Pair pair = pairs.get(i);
            if (pair.fold() == fold || fold < 0) {
                double weight = weight(pair, weights);
                right += right(i) ? weight : 0;
                all += weight;
            }
        }
        return right / all;
    }

    /** Every pair judged wrongly. */
    List<PhotoError> errors() {
        List<PhotoError> errors = new ArrayList<>();
        for (int i = 0; i < distances.length; i++) {
            if (!right(i)) {
                errors.add(error(i));
            }
        }
        return errors;
    }

    private PhotoError error(int i) {
        Pair pair = pairs.get(i);
        boolean undetected = Float.isNaN(distances[i]);
        String kind = undetected ? "undetected-pair" : pair.same() ? "false-reject" : "false-accept";
        return new PhotoError(
                kind,
                photos.photos().get(pair.first()),
                photos.photos().get(pair.second()),
                distances[i],
                String.format(
                        Locale.ROOT,
                        "%s; fold %d, threshold %.3f",
                        pair.same() ? "one person" : "two people",
                        pair.fold() + 1,
                        thresholds[pair.fold()]));
    }
}
