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
import java.util.Optional;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Are two photos of the same person? By the protocol of Labeled Faces in the Wild (Huang et al. 2007): each fold is judged by the
 * threshold that is best on the other folds. A pair in which a face was not found is wrong.
 */
public final class Verification {
    /** Into how many folds pairs are dealt that come as one. */
    private static final int FOLDS = 10;

    private final long seed;
    private final AllPairs all;
    private final Optional<AllPairs> clearGallery;
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
     * @param degraded whether probes are degraded: then each is compared with the clear samples of a gallery, too
     * @param seed of the bootstrap
     * @throws IOException if the file cannot be read, or names a photo that is not there
     */
    public Verification(List<EmbeddedPhoto> embedded, Path pairsFile, Set<String> people, boolean degraded, long seed)
            throws IOException {
        this.seed = seed;
        this.photos = new PhotoSet(embedded);
        this.pairs = dealt(PairsFile.read(
                pairsFile, embedded.stream().map(EmbeddedPhoto::photo).toList(), people));
        if (pairs.size() < FOLDS) {
            throw new IOException(pairsFile + ": at least " + FOLDS + " pairs are needed, not " + pairs.size());
        }
        this.all = new AllPairs(photos);
        this.clearGallery = degraded ? Optional.of(AllPairs.withGallery(photos)) : Optional.empty();
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
     * How often the same person is accepted where different people are accepted at a rate. A share is null where under 5 false accepts
     * are expected.
     *
     * @param tarAtFar over all pairs of distinct photos, by the rate
     * @param tarAtFarMeanOverPeople as the mean over people
     */
    public record TarAtFar(Map<String, Double> tarAtFar, Map<String, Double> tarAtFarMeanOverPeople) {}

    /**
     * A figure against the same figure of another network, on the same photos; shares, 0 to 1.
     *
     * @param baseline the other network's
     * @param gain how much more this network has
     * @param low lower end of the gain's 95 % interval, bootstrapped over people who are the same for both; folds keep their thresholds
     * @param high its upper end
     */
    public record Gain(double baseline, double gain, double low, double high) {}

    /**
     * @param pairs judged, by a file
     * @param accuracy mean of the folds'
     * @param standardError of that mean
     * @param threshold mean of the folds'
     * @param undetected photos of the folder in which no face was found
     * @param undetectedPairs pairs with such a photo: all wrong
     * @param tarAtFar over all pairs of distinct photos in the folder; null where under 5 false accepts are expected
     * @param clearGallery the same for each probe with the clear samples of all other photos; null unless probes are degraded
     * @param intervals 95 %, bootstrapped over people, by the figure's name
     * @param gains over another network, by the figure's name: null for a figure that the data cannot support; null altogether unless
     *     there is another network
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
            TarAtFar clearGallery,
            Map<String, double[]> intervals,
            Map<String, Gain> gains) {}

    public Report report() {
        return report(Optional.empty());
    }

    /**
     * The report, with the gains over another network.
     *
     * @param baseline of the same photos, pairs and people under that network
     * @throws IllegalArgumentException if it is of others
     */
    public Report reportAgainst(Verification baseline) {
        boolean same = photoFiles().equals(baseline.photoFiles())
                && pairs.equals(baseline.pairs)
                && clearGallery.isPresent() == baseline.clearGallery.isPresent();
        if (!same) {
            throw new IllegalArgumentException("a baseline is of the same photos and pairs, degraded alike");
        }
        return report(Optional.of(baseline));
    }

    private List<Photo> photoFiles() {
        return photos.photos().stream().map(EmbeddedPhoto::photo).toList();
    }

    private double meanAccuracy() {
        return Arrays.stream(foldAccuracies).average().getAsDouble();
    }

    private Report report(Optional<Verification> baseline) {
        double mean = meanAccuracy();
        double squares =
                Arrays.stream(foldAccuracies).map(a -> (a - mean) * (a - mean)).sum();
        TarAtFar probes = tarAtFar(all);
        int names = names().size();
        double[][] ends = new Bootstrap(photos.people(), seed).intervals(weights -> {
            double[] own = figures(weights);
            return baseline.map(other -> withDifferences(own, other.figures(weights)))
                    .orElse(own);
        });
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
                probes.tarAtFar(),
                probes.tarAtFarMeanOverPeople(),
                clearGallery.map(Verification::tarAtFar).orElse(null),
                intervals(Arrays.copyOf(ends, names)),
                baseline.map(other -> gains(other, Arrays.copyOfRange(ends, names, 2 * names)))
                        .orElse(null));
    }

    private static TarAtFar tarAtFar(AllPairs pairs) {
        int rates = AllPairs.FALSE_ACCEPT_RATES.length;
        double[] tar = pairs.tarAtFar();
        Map<String, Double> overPairs = new LinkedHashMap<>();
        Map<String, Double> overPeople = new LinkedHashMap<>();
        for (int i = 0; i < rates; i++) {
            double rate = AllPairs.FALSE_ACCEPT_RATES[i];
            boolean supported = pairs.supports(rate) && pairs.genuinePairs() > 0;
            overPairs.put(Figures.power(rate), supported ? Figures.orNull(tar[i]) : null);
            overPeople.put(Figures.power(rate), supported ? Figures.orNull(tar[rates + i]) : null);
        }
        return new TarAtFar(overPairs, overPeople);
    }

    /** What a replicate has, in the order of {@link #names()}; a figure that the data cannot support is NaN. */
    private double[] figures(int[] weights) {
        return DoubleStream.concat(
                        DoubleStream.of(accuracy(-1, weights)),
                        Stream.concat(Stream.of(all), clearGallery.stream())
                                .flatMapToDouble(pairs -> Arrays.stream(supported(pairs, weights))))
                .toArray();
    }

    private static double[] supported(AllPairs pairs, int[] weights) {
        int rates = AllPairs.FALSE_ACCEPT_RATES.length;
        double[] tar = pairs.tarAtFar(weights);
        Arrays.setAll(tar, i -> pairs.supports(AllPairs.FALSE_ACCEPT_RATES[i % rates]) ? tar[i] : Double.NaN);
        return tar;
    }

    private List<String> names() {
        List<String> names = new ArrayList<>(List.of("accuracy"));
        for (String view : clearGallery.isPresent() ? List.of("", "clearGallery.") : List.of("")) {
            for (String figure : List.of("tarAtFar.", "tarAtFarMeanOverPeople.")) {
                Arrays.stream(AllPairs.FALSE_ACCEPT_RATES)
                        .forEach(rate -> names.add(view + figure + Figures.power(rate)));
            }
        }
        return names;
    }

    private Map<String, double[]> intervals(double[][] ends) {
        Map<String, double[]> intervals = new LinkedHashMap<>();
        List<String> names = names();
        for (int i = 0; i < ends.length; i++) {
            if (ends[i] != null) {
                intervals.put(names.get(i), ends[i]);
            }
        }
        return intervals;
    }

    private Map<String, Gain> gains(Verification baseline, double[][] ends) {
        int[] once = new int[photos.people()];
        Arrays.fill(once, 1);
        double[] before = baseline.figures(once);
        double[] after = figures(once);
        before[0] = baseline.meanAccuracy();
        after[0] = meanAccuracy();
        List<String> names = names();
        Map<String, Gain> gains = new LinkedHashMap<>();
        for (int i = 0; i < ends.length; i++) {
            gains.put(
                    names.get(i),
                    ends[i] == null ? null : new Gain(before[i], after[i] - before[i], ends[i][0], ends[i][1]));
        }
        return gains;
    }

    /** The figures, then by how much each is above the other network's. */
    private static double[] withDifferences(double[] figures, double[] others) {
        return DoubleStream.concat(
                        Arrays.stream(figures),
                        IntStream.range(0, figures.length).mapToDouble(i -> figures[i] - others[i]))
                .toArray();
    }
}
