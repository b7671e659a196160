package io.facestream.evaluation;

import io.facestream.calibration.AllPairs;
import io.facestream.calibration.Bootstrap;
import io.facestream.calibration.Figure;
import io.facestream.calibration.Figures;
import io.facestream.evaluation.PairsFile.Pair;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.LabelledPhotos.Photo;
import io.facestream.photos.PhotoError;
import io.facestream.photos.PhotoSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Are two photos of the same person? Follows the protocol of Labeled Faces in the Wild (Huang et al. 2007): each fold
 * is judged by the threshold that is best on the other folds. A pair with an undetected face counts as wrong.
 */
public final class Verification {
    private final long seed;
    private final AllPairs all;
    private final Optional<AllPairs> clearGallery;
    private final PhotoSet photos;
    private final FoldedPairs pairs;
    private final int undecodablePairs;

    /**
     * @param embedded photos; no figure counts those that cannot be decoded, or their pairs
     * @param pairsFile in LFW's format
     * @param people people whose pairs count; empty for all
     * @param degraded whether probes are degraded; if so, each is also compared with the clear samples of a gallery
     * @param seed of the bootstrap
     * @throws IOException if the file cannot be read, or names a missing photo
     */
    public Verification(List<EmbeddedPhoto> embedded, Path pairsFile, Set<String> people, boolean degraded, long seed)
            throws IOException {
        this.seed = seed;
        this.photos =
                new PhotoSet(embedded.stream().filter(EmbeddedPhoto::decodable).toList());
        PairsFile all = PairsFile.read(pairsFile);
        PairsFile file = people.isEmpty() ? all : all.of(people);
        List<Pair> named =
                file.among(embedded.stream().map(EmbeddedPhoto::photo).toList());
        List<Pair> judged = ofDecodable(named, embedded);
        file.requireEnough(judged.size(), judged.stream().filter(Pair::same).count());
        this.undecodablePairs = named.size() - judged.size();
        this.pairs = new FoldedPairs(photos, judged);
        this.all = new AllPairs(photos);
        this.clearGallery = degraded ? Optional.of(AllPairs.withGallery(photos)) : Optional.empty();
    }

    /** The pairs whose photos can both be decoded, by the photos' indices among the decodable ones. */
    private static List<Pair> ofDecodable(List<Pair> pairs, List<EmbeddedPhoto> embedded) {
        int[] index = new int[embedded.size()];
        int decodable = 0;
        for (int i = 0; i < index.length; i++) {
            index[i] = embedded.get(i).decodable() ? decodable++ : -1;
        }
        return pairs.stream()
                .map(pair -> new Pair(index[pair.first()], index[pair.second()], pair.same(), pair.fold()))
                .filter(pair -> pair.first() >= 0 && pair.second() >= 0)
                .toList();
    }

    /** Every pair that its fold's threshold judges wrongly, and every photo in which no face was found. */
    public List<PhotoError> errors() {
        return Stream.concat(
                        pairs.errors().stream(),
                        photos.photos().stream()
                                .filter(photo -> !photo.detected())
                                .map(PhotoError::undetected))
                .toList();
    }

    /**
     * Draws the receiver operating characteristic, the detection error trade-off and the distances into files beside
     * the report.
     */
    public void plot(Path report) throws IOException {
        Plots.verification(report, all);
    }

    /**
     * How often the same person is accepted when different people are accepted at a given rate. A share is null if
     * fewer than 5 false accepts are expected.
     *
     * @param tarAtFar over all pairs of distinct photos, by the rate
     * @param tarAtFarMeanOverPeople as the mean over people
     */
    public record TarAtFar(Map<String, Double> tarAtFar, Map<String, Double> tarAtFarMeanOverPeople) {}

    /**
     * A figure compared with the same figure of another network, on the same photos. All are shares, 0 to 1.
     *
     * @param baseline the other network's
     * @param gain how much higher this network's figure is
     * @param low lower end of the gain's 95 % interval, bootstrapped over people drawn alike for both networks; folds
     *     keep their thresholds
     * @param high its upper end
     */
    public record Gain(double baseline, double gain, double low, double high) {}

    /**
     * @param pairs number of pairs judged
     * @param accuracy mean of the folds'
     * @param standardError of that mean
     * @param threshold mean of the folds'
     * @param undetected photos in which no face was found
     * @param undetectedPairs pairs with such a photo; all count as wrong
     * @param undecodablePairs pairs of the file that no figure counts, since one of their photos cannot be decoded
     * @param tarAtFar over all pairs of distinct photos of the people; null if fewer than 5 false accepts are expected
     * @param clearGallery the same for each probe compared with the clear samples of all other photos; null unless
     *     probes are degraded
     * @param intervals 95 %, bootstrapped over people, by the figure's name
     * @param gains gains over another network, by the figure's name, null for a figure that the data do not support;
     *     the map itself is null without another network
     */
    public record Report(
            int pairs,
            double accuracy,
            double standardError,
            double[] foldAccuracies,
            double threshold,
            int undetected,
            int undetectedPairs,
            int undecodablePairs,
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
     * @param baseline results for the same photos, pairs and people under that network
     * @throws IllegalArgumentException if it is for other photos or pairs
     */
    public Report reportAgainst(Verification baseline) {
        boolean same = photoFiles().equals(baseline.photoFiles())
                && pairs.pairs().equals(baseline.pairs.pairs())
                && clearGallery.isPresent() == baseline.clearGallery.isPresent();
        if (!same) {
            throw new IllegalArgumentException("a baseline needs the same photos and pairs, degraded in the same way");
        }
        return report(Optional.of(baseline));
    }

    private List<Photo> photoFiles() {
        return photos.photos().stream().map(EmbeddedPhoto::photo).toList();
    }

    private double meanAccuracy() {
        return Arrays.stream(pairs.foldAccuracies()).average().getAsDouble();
    }

    private Report report(Optional<Verification> baseline) {
        double mean = meanAccuracy();
        double[] foldAccuracies = pairs.foldAccuracies();
        double squares =
                Arrays.stream(foldAccuracies).map(a -> (a - mean) * (a - mean)).sum();
        TarAtFar probes = tarAtFar(all);
        int names = names().size();
        Bootstrap bootstrap = new Bootstrap(photos.people(), seed);
        double[][] ends = bootstrap.intervals(weights -> {
            double[] own = figures(weights);
            return baseline.map(other -> withDifferences(own, other.figures(weights)))
                    .orElse(own);
        });
        return new Report(
                pairs.pairs().size(),
                mean,
                Math.sqrt(squares / (pairs.folds() - 1) / pairs.folds()),
                foldAccuracies,
                pairs.meanThreshold(null),
                photos.undetected(),
                pairs.undetected(),
                undecodablePairs,
                photos.size(),
                photos.people(),
                all.genuinePairs(),
                all.impostors(),
                probes.tarAtFar(),
                probes.tarAtFarMeanOverPeople(),
                clearGallery.map(Verification::tarAtFar).orElse(null),
                intervals(Arrays.copyOf(ends, names), bootstrap),
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

    /** The figures of a replicate, in the order of {@link #names()}; NaN for a figure that the data do not support. */
    private double[] figures(int[] weights) {
        return DoubleStream.concat(
                        DoubleStream.of(pairs.accuracy(-1, weights)),
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

    /** @param ends ends of the shares' intervals, in the order of {@link #names()} */
    private Map<String, double[]> intervals(double[][] ends, Bootstrap bootstrap) {
        Map<String, double[]> intervals = new LinkedHashMap<>();
        List<String> names = names();
        int withPairs = all.peopleWithPairs();
        for (int i = 0; i < ends.length; i++) {
            double[] interval = Bootstrap.widened(ends[i], i == 0 ? pairs.people(-1) : withPairs, 1);
            if (interval != null) {
                intervals.put(names.get(i), interval);
            }
        }
        List<Figure> others = new ArrayList<>();
        others.add(Figure.measure("threshold", pairs.people(-1), pairs::meanThreshold));
        for (int fold = 0; fold < pairs.folds(); fold++) {
            int counted = fold;
            others.add(Figure.share(
                    "foldAccuracies." + fold, pairs.people(fold), weights -> pairs.accuracy(counted, weights)));
        }
        others.add(Figure.count("undetected", photos.people(), photos.size(), photos::undetected));
        intervals.putAll(bootstrap.intervals(others));
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

    /** The figures, followed by their differences from the other network's. */
    private static double[] withDifferences(double[] figures, double[] others) {
        return DoubleStream.concat(
                        Arrays.stream(figures),
                        IntStream.range(0, figures.length).mapToDouble(i -> figures[i] - others[i]))
                .toArray();
    }
}
