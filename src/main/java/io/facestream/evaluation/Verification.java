package io.facestream.evaluation;

import io.facestream.evaluation.LabelledPhotos.Photo;
import io.facestream.evaluation.PairsFile.Pair;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Are two photos of the same person? By the protocol of Labeled Faces in the Wild (Huang et al. 2007): each fold is judged by the
 * threshold that is best on the other folds. A pair in which a face was not found is wrong.
 */
public final class Verification {
    /** Into how many folds pairs are dealt that come as one. */
    private static final int FOLDS = 10;

    private final long seed;
    private final AllPairs all;
    private final PhotoSet photos;
    private final List<Pair> pairs;
    private final int folds;
    private final float[] distances;
    private final double[] foldThresholds;
    private final double[] foldAccuracies;

    /** @throws IOException if the file cannot be read, is not in LFW's format, or names a photo that is not there */
    public static void check(Path pairsFile, List<Photo> photos, Set<String> people) throws IOException {
        PairsFile.read(pairsFile, photos, people);
    }

    /**
     * @param pairsFile in LFW's format
     * @param people whose pairs count; empty for all
     * @param seed of the bootstrap
     * @throws IOException if the file cannot be read, or names a photo that is not there
     */
    public Verification(List<EmbeddedPhoto> embedded, Path pairsFile, Set<String> people, long seed)
            throws IOException {
        this.seed = seed;
        this.photos = new PhotoSet(embedded);
        this.pairs = dealt(PairsFile.read(
                pairsFile, embedded.stream().map(EmbeddedPhoto::photo).toList(), people));
        if (pairs.size() < FOLDS) {
            throw new IOException(pairsFile + ": at least " + FOLDS + " pairs are needed, not " + pairs.size());
        }
        this.all = new AllPairs(photos);
        this.folds = 1 + this.pairs.stream().mapToInt(Pair::fold).max().getAsInt();
        float[][] probes = photos.probes();
        this.distances = new float[pairs.size()];
        for (int i = 0; i < distances.length; i++) {
            float[] first = probes[this.pairs.get(i).first()];
            float[] second = probes[this.pairs.get(i).second()];
            distances[i] = first == null || second == null ? Float.NaN : PhotoSet.distance(first, second);
        }
        this.foldThresholds =
                IntStream.range(0, folds).mapToDouble(this::bestOnOthers).toArray();
        this.foldAccuracies = IntStream.range(0, folds)
                .mapToDouble(fold -> accuracy(fold, null))
                .toArray();
    }

    /** The pairs with folds from 0 on, none of them empty; dealt into folds where they come as one. */
    private static List<Pair> dealt(List<Pair> pairs) {
        List<Integer> folds = pairs.stream().map(Pair::fold).distinct().toList();
        List<Pair> dealt = new ArrayList<>();
        int[] count = new int[2];
        for (Pair pair : pairs) {
            int fold = folds.size() > 1 ? folds.indexOf(pair.fold()) : count[pair.same() ? 1 : 0]++ % FOLDS;
            dealt.add(new Pair(pair.first(), pair.second(), pair.same(), fold));
        }
        return dealt;
    }

    /** The middle one of the thresholds that make the fewest mistakes on the pairs outside a fold. */
    private double bestOnOthers(int fold) {
        int[] others = IntStream.range(0, distances.length)
                .filter(i -> pairs.get(i).fold() != fold && !Float.isNaN(distances[i]))
                .boxed()
                .sorted(Comparator.comparing(i -> distances[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        int right =
                (int) Arrays.stream(others).filter(i -> !pairs.get(i).same()).count();
        int best = right;
        List<Double> bests = new ArrayList<>(List.of(0.0));
        for (int i = 0; i < others.length; i++) {
            right += pairs.get(others[i]).same() ? 1 : -1;
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

    private boolean right(int pair) {
        // A distance that is not there is in no relation to the threshold.
        double threshold = foldThresholds[pairs.get(pair).fold()];
        return pairs.get(pair).same() ? distances[pair] <= threshold : distances[pair] > threshold;
    }

    /** @param weights of people; null for one each */
    private double accuracy(int fold, int[] weights) {
        double right = 0;
        double all = 0;
        for (int i = 0; i < distances.length; i++) {
            Pair pair = pairs.get(i);
            if (pair.fold() == fold || fold < 0) {
                double weight = weights == null
                        ? 1
                        : pair.same()
                                ? weights[photos.person(pair.first())]
                                : (double) weights[photos.person(pair.first())] * weights[photos.person(pair.second())];
                right += right(i) ? weight : 0;
                all += weight;
            }
        }
        return right / all;
    }

    /**
     * A pair judged wrongly.
     *
     * @param distance NaN where a face was not found
     */
    public record WrongPair(Photo first, Photo second, boolean same, float distance) {}

    /** The pairs judged wrongly, each by its fold's threshold. */
    public List<WrongPair> wrong() {
        return IntStream.range(0, distances.length)
                .filter(i -> !right(i))
                .mapToObj(i -> new WrongPair(
                        photos.photos().get(pairs.get(i).first()).photo(),
                        photos.photos().get(pairs.get(i).second()).photo(),
                        pairs.get(i).same(),
                        distances[i]))
                .toList();
    }

    /** Draws the receiver operating characteristic, the detection error trade-off and the distances, beside a report. */
    public void plot(Path report) throws IOException {
        Plots.verification(report, all);
    }

    /**
     * @param pairs judged, by a file
     * @param accuracy mean of the folds'
     * @param standardError of that mean
     * @param threshold mean of the folds'
     * @param undetected photos of the folder in which no face was found
     * @param undetectedPairs pairs with such a photo: all wrong
     * @param tarAtFar over all pairs of distinct photos in the folder; null where under 5 false accepts are expected
     * @param intervals 95 %, bootstrapped over people, by the figure's name
     */
    public record Report(
            int pairs,
            double accuracy,
            double standardError,
            double[] foldAccuracies,
            double threshold,
            int undetected,
            int undetectedPairs,
            int photos,
            int people,
            int genuinePairs,
            long impostorPairs,
            Map<String, Double> tarAtFar,
            Map<String, Double> tarAtFarMeanOverPeople,
            Map<String, double[]> intervals) {}

    public Report report() {
        int rates = AllPairs.FALSE_ACCEPT_RATES.length;
        int[] once = new int[photos.people()];
        Arrays.fill(once, 1);
        double[] tar = all.tarAtFar(once);
        Bootstrap bootstrap = new Bootstrap(photos.people(), seed);
        double[][] tarIntervals = bootstrap.intervals(all::tarAtFar);
        Map<String, double[]> intervals = new LinkedHashMap<>();
        intervals.put("accuracy", bootstrap.intervals(weights -> new double[] {accuracy(-1, weights)})[0]);
        Map<String, Double> overPairs = new LinkedHashMap<>();
        Map<String, Double> overPeople = new LinkedHashMap<>();
        for (int i = 0; i < rates; i++) {
            double rate = AllPairs.FALSE_ACCEPT_RATES[i];
            boolean supported = all.supports(rate) && all.genuinePairs() > 0;
            overPairs.put(Figures.power(rate), supported ? Figures.orNull(tar[i]) : null);
            overPeople.put(Figures.power(rate), supported ? Figures.orNull(tar[rates + i]) : null);
            if (supported) {
                intervals.put("tarAtFar." + Figures.power(rate), tarIntervals[i]);
                intervals.put("tarAtFarMeanOverPeople." + Figures.power(rate), tarIntervals[rates + i]);
            }
        }
        double mean = Arrays.stream(foldAccuracies).average().getAsDouble();
        double squares =
                Arrays.stream(foldAccuracies).map(a -> (a - mean) * (a - mean)).sum();
        return new Report(
                pairs.size(),
                mean,
                Math.sqrt(squares / (folds - 1) / folds),
                foldAccuracies.clone(),
                Arrays.stream(foldThresholds).average().getAsDouble(),
                photos.undetected(),
                (int) IntStream.range(0, distances.length)
                        .filter(i -> Float.isNaN(distances[i]))
                        .count(),
                photos.size(),
                photos.people(),
                all.genuinePairs(),
                all.impostors(),
                overPairs,
                overPeople,
                intervals);
    }
}
