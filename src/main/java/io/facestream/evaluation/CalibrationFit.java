package io.facestream.evaluation;

import io.facestream.embeddings.Embedding;
import io.facestream.evaluation.OpenSetSearch.Search;
import io.facestream.evaluation.ProbabilityErrors.Forecast;
import io.facestream.identities.DecisionRule;
import io.facestream.identities.Identification;
import io.facestream.models.Calibration;
import io.facestream.models.Calibration.FalseMatchRate;
import io.facestream.models.MatchProbability;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Measures what distances mean under a model version: its false match rates, and the probability that the nearest template is the
 * right one. The probability is fitted on clear probes and on those of far cameras, in two galleries: 3 photos of each person with
 * 5 or more, and 1 of each with 2 or more.
 */
public final class CalibrationFit {
    private static final double[] RATES = {1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7};

    /** A rate is given where at least so many pairs are expected within its distance. */
    private static final int LEAST_EXPECTED = 20;

    private static final int SAMPLES_OF_TEMPLATE = 3;
    private static final int DRAWINGS = 4;
    private static final int FOLDS = 3;
    private static final double TARGET_FPIR = 0.005;
    private static final int BINS = 20_000;
    private static final double BIN = 2.0 / BINS;

    private final List<EmbeddedPhoto> clear;
    private final List<List<EmbeddedPhoto>> far;
    private final float separation;
    private final long seed;

    private enum Gallery {
        THREE_OF_FIVE(3, 5),
        ONE_OF_TWO(1, 2);

        private final int enrol;
        private final int minPhotos;

        Gallery(int enrol, int minPhotos) {
            this.enrol = enrol;
            this.minPhotos = minPhotos;
        }
    }

    /** Searches in a gallery of so many templates; groups from {@code people} on are strangers. */
    private record Searched(List<Search> searches, long templates, int people) {}

    /**
     * @param clear photos as they are
     * @param far the same photos in the same order, degraded in one or more ways; the first is the one that figures are given for
     * @param separation in force
     */
    public CalibrationFit(List<EmbeddedPhoto> clear, List<List<EmbeddedPhoto>> far, float separation, long seed) {
        this.clear = clear;
        this.far = far;
        this.separation = separation;
        this.seed = seed;
    }

    /**
     * What the calibration is worth on people whom it was not made with: each third of the people by that of the others.
     *
     * @param fpir share of clear photos of strangers that name somebody, at the threshold for 0.5 %: 3 photos enrolled of each
     *     person with 5 or more
     * @param fnir share of their clear probes that do not name them
     * @param threshold mean of the thirds'
     * @param mixed of the probability, half of the photos clear and half degraded
     */
    public record Report(
            double fpir,
            double fnir,
            double threshold,
            Map<String, ProbabilityErrors> mixed,
            Map<String, ProbabilityErrors> clear,
            Map<String, ProbabilityErrors> degraded,
            Calibration calibration) {}

    /** The calibration by all photos, and what it is worth. */
    public Report report() {
        DoubleSummaryStatistics fpir = new DoubleSummaryStatistics();
        DoubleSummaryStatistics fnir = new DoubleSummaryStatistics();
        DoubleSummaryStatistics thresholds = new DoubleSummaryStatistics();
        Map<String, List<Forecast>> mixed = new TreeMap<>();
        Map<String, List<Forecast>> ofClear = new TreeMap<>();
        Map<String, List<Forecast>> ofDegraded = new TreeMap<>();
        for (int fold = 0; fold < FOLDS; fold++) {
            int tested = fold;
            Calibration calibration = fit(name -> fold(name) != tested);
            for (Searched searched : search(clear, name -> fold(name) == tested, Gallery.THREE_OF_FIVE)) {
                double threshold =
                        calibration.threshold(searched.templates(), TARGET_FPIR).getAsDouble();
                thresholds.accept(threshold);
                DecisionRule rule = new DecisionRule((float) threshold, separation);
                fpir.accept(named(searched, false, rule));
                fnir.accept(1 - named(searched, true, rule));
            }
            for (Gallery gallery : Gallery.values()) {
                String name = gallery.enrol + " enrolled";
                List<Searched> half = search(halfDegraded(), person -> fold(person) == tested, gallery);
                for (Searched searched : half) {
                    add(mixed, name, searched, search -> true, calibration);
                    add(ofClear, name, searched, search -> !isDegraded(search.label()), calibration);
                    add(ofDegraded, name, searched, search -> isDegraded(search.label()), calibration);
                }
            }
        }
        return new Report(
                fpir.getAverage(),
                fnir.getAverage(),
                thresholds.getAverage(),
                errors(mixed),
                errors(ofClear),
                errors(ofDegraded),
                fit(name -> true));
    }

    private static void add(
            Map<String, List<Forecast>> forecasts,
            String name,
            Searched searched,
            Predicate<Search> counted,
            Calibration calibration) {
        forecasts
                .computeIfAbsent(name, gallery -> new ArrayList<>())
                .addAll(ProbabilityErrors.forecasts(
                        searched.searches().stream().filter(counted).toList(),
                        searched.templates(),
                        searched.people(),
                        calibration.probability()));
    }

    private static Map<String, ProbabilityErrors> errors(Map<String, List<Forecast>> forecasts) {
        Map<String, ProbabilityErrors> errors = new TreeMap<>();
        forecasts.forEach((name, ofGallery) -> errors.put(name, ProbabilityErrors.of(ofGallery)));
        return errors;
    }

    private static int fold(String person) {
        return Math.floorMod(person.hashCode(), FOLDS);
    }

    private List<EmbeddedPhoto> halfDegraded() {
        return IntStream.range(0, clear.size())
                .mapToObj(i ->
                        isDegraded(clear.get(i).photo().label()) ? far.get(0).get(i) : clear.get(i))
                .toList();
    }

    /** By a mixed hash: the lowest bit of a label's own says whether the photo's number is even, and little else. */
    static boolean isDegraded(String label) {
        return label.hashCode() * 0x9E3779B9 < 0;
    }

    /** Share of the searches for the enrolled that name them, or of those for strangers that name anybody. */
    private static double named(Searched searched, boolean enrolled, DecisionRule rule) {
        List<Search> counted = searched.searches().stream()
                .filter(search -> search.group() < searched.people() == enrolled)
                .toList();
        return counted.stream()
                        .filter(search ->
                                search.decision(rule) instanceof Identification.Known && (search.right() || !enrolled))
                        .count()
                / (double) counted.size();
    }

    private Calibration fit(Predicate<String> people) {
        List<Searched> searched = Stream.concat(Stream.of(clear), far.stream())
                .flatMap(photos ->
                        Arrays.stream(Gallery.values()).flatMap(gallery -> search(photos, people, gallery).stream()))
                .toList();
        return new Calibration(falseMatchRates(people), probability(searched));
    }

    /** Only searches in which a face was found. */
    private List<Searched> search(List<EmbeddedPhoto> photos, Predicate<String> people, Gallery gallery) {
        Map<String, Long> count = photos.stream()
                .map(photo -> photo.photo().name())
                .filter(people)
                .collect(Collectors.groupingBy(name -> name, Collectors.counting()));
        Set<String> enrolled = new HashSet<>();
        count.forEach((name, photosOf) -> {
            if (photosOf >= gallery.minPhotos) {
                enrolled.add(name);
            }
        });
        PhotoSet known = new PhotoSet(photos.stream()
                .filter(photo -> enrolled.contains(photo.photo().name()))
                .toList());
        PhotoSet strangers = new PhotoSet(photos.stream()
                .filter(photo -> count.containsKey(photo.photo().name())
                        && !enrolled.contains(photo.photo().name()))
                .toList());
        if (known.people() < 2 || strangers.people() < 2) {
            throw new IllegalArgumentException("too few people to calibrate with: " + known.people() + " with "
                    + gallery.minPhotos + " photos, and " + strangers.people() + " others");
        }
        return IntStream.range(0, DRAWINGS)
                .mapToObj(drawing -> {
                    OpenSetSearch search =
                            new OpenSetSearch(known, strangers, gallery.enrol, new Random(seed + drawing));
                    List<Search> searches = Stream.concat(
                                    search.mated(known.people()).stream(), search.nonMated(known.people()).stream())
                            .filter(Search::detected)
                            .toList();
                    return new Searched(searches, search.templates(known.people()), known.people());
                })
                .toList();
    }

    private MatchProbability probability(List<Searched> galleries) {
        List<Float> norms = galleries.stream()
                .flatMap(gallery -> gallery.searches().stream())
                .map(search -> search.quality().norm())
                .sorted()
                .toList();
        float least = norms.get(0);
        float greatest = norms.get(norms.size() - 1);
        LogisticRegression regression = new LogisticRegression(5);
        for (Searched gallery : galleries) {
            long mated = gallery.searches().stream()
                    .filter(search -> search.group() < gallery.people())
                    .count();
            long nonMated = gallery.searches().size() - mated;
            for (Search search : gallery.searches()) {
                // As if half of the faces were strangers'.
                double weight = 0.5 / (search.group() < gallery.people() ? mated : nonMated);
                regression.add(
                        MatchProbability.features(
                                search.nearest(), search.quality().norm(), least, greatest),
                        -Math.log(gallery.templates()),
                        search.right(),
                        weight);
            }
        }
        double[] fitted = regression.fit();
        return new MatchProbability(least, greatest, fitted[0], fitted[1], fitted[2], fitted[3], fitted[4]);
    }

    /** Of clear probes, with templates of up to {@value #SAMPLES_OF_TEMPLATE} photos of everybody. */
    private List<FalseMatchRate> falseMatchRates(Predicate<String> people) {
        Map<String, List<EmbeddedPhoto>> photosOf = clear.stream()
                .filter(photo -> photo.detected() && people.test(photo.photo().name()))
                .collect(Collectors.groupingBy(photo -> photo.photo().name(), TreeMap::new, Collectors.toList()));
        List<String> names = List.copyOf(photosOf.keySet());
        List<float[]> templates = names.stream()
                .map(name -> Embedding.mean(photosOf.get(name).stream()
                        .limit(SAMPLES_OF_TEMPLATE)
                        .map(EmbeddedPhoto::sample)
                        .toList()))
                .map(Embedding::vector)
                .toList();
        long[] histogram = IntStream.range(0, names.size())
                .parallel()
                .collect(
                        () -> new long[BINS + 1],
                        (bins, person) -> {
                            for (EmbeddedPhoto photo : photosOf.get(names.get(person))) {
                                float[] probe = photo.probe().vector();
                                for (int other = 0; other < templates.size(); other++) {
                                    if (other != person) {
                                        bins[(int) (PhotoSet.distance(probe, templates.get(other)) / BIN)]++;
                                    }
                                }
                            }
                        },
                        (bins, others) -> Arrays.setAll(bins, i -> bins[i] + others[i]));
        long pairs = Arrays.stream(histogram).sum();
        List<FalseMatchRate> rates = new ArrayList<>();
        for (double rate : RATES) {
            if (rate * pairs >= LEAST_EXPECTED) {
                rates.add(new FalseMatchRate(rate, quantile(histogram, rate * pairs)));
            }
        }
        if (rates.size() < 2) {
            throw new IllegalArgumentException("too few faces to calibrate with: " + pairs
                    + " comparisons of different people, of " + names.size() + " people with a face");
        }
        return rates;
    }

    private static double quantile(long[] histogram, double wanted) {
        long below = 0;
        int bin = 0;
        while (below + histogram[bin] < wanted) {
            below += histogram[bin++];
        }
        return bin * BIN;
    }
}
