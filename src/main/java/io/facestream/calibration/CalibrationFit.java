package io.facestream.calibration;

import io.facestream.calibration.CalibrationGallery.Searched;
import io.facestream.calibration.FalseMatches.Comparison;
import io.facestream.calibration.OpenSetSearch.Search;
import io.facestream.calibration.ProbabilityErrors.Forecast;
import io.facestream.models.Calibration;
import io.facestream.models.Calibration.FalseMatchRate;
import io.facestream.models.MatchProbability;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.LabelledPhotos.Photo;
import io.facestream.photos.PhotoError;
import io.facestream.photos.PhotoSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Measures what distances mean under a model version: its false match rates, and the probability that the nearest
 * template is the right one. The probability is fitted on clear probes and on those of far cameras, in three galleries:
 * 3 photos of each person with 5 or more, 1 of each with 2 or more, and 8 of each with 9 or more, if there are such.
 */
public final class CalibrationFit {
    /** The rates whose distance is reported if the photos support it. */
    public static final List<Double> RATES = List.of(1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7);

    /** The first two rates are reported if at least so many pairs are expected within their distances. */
    private static final int LEAST_EXPECTED = 20;

    /**
     * A smaller rate is reported only if it is counted from so many. Beyond the last rate, the line through the last
     * two is stricter than a count of few pairs.
     */
    private static final int EXPECTED_OF_SMALL = 100;

    /** With fewer people in the gallery, or fewer strangers, the photos say little about the probability. */
    private static final int LEAST_PEOPLE = 20;

    private static final int FOLDS = 3;

    /** More than the largest rate, to leave room for replicates in which the nearest comparisons weigh less. */
    private static final double SPARE = 1.3;

    private final List<EmbeddedPhoto> clear;
    private final List<List<EmbeddedPhoto>> far;
    private final float separation;
    private final long seed;

    /** Index of each person. */
    private final Map<String, Integer> persons = new TreeMap<>();

    private List<CalibrationTrial> trials = List.of();

    /**
     * @param clear photos as they are
     * @param far the same photos in the same order, degraded in one or more ways; figures are reported for the first
     * @param separation in force
     */
    public CalibrationFit(List<EmbeddedPhoto> clear, List<List<EmbeddedPhoto>> far, float separation, long seed) {
        this.clear = clear;
        this.far = far;
        this.separation = separation;
        this.seed = seed;
        clear.forEach(photo -> persons.putIfAbsent(photo.photo().name(), persons.size()));
    }

    /**
     * Checks before the long work that there are enough people.
     *
     * @throws IllegalArgumentException if a third of them is too small to enrol some and to search for others
     */
    public static void check(List<Photo> photos) {
        for (int fold = 0; fold < FOLDS; fold++) {
            int tested = fold;
            List<EmbeddedPhoto> ofFold = photos.stream()
                    .filter(photo -> fold(photo.name()) == tested)
                    .map(EmbeddedPhoto::undetected)
                    .toList();
            for (CalibrationGallery gallery : CalibrationGallery.values()) {
                if (gallery.isRequired()) {
                    gallery.requireEnough(ofFold);
                }
            }
        }
    }

    /**
     * How well the calibration works on people whom it was not fitted on: each third of the people is judged by the
     * calibration of the other two.
     *
     * @param fpir share of searches for clear photos of strangers that name somebody, at the threshold for 0.5 %; 3
     *     photos are enrolled of each person with 5 or more
     * @param fnir share of searches for clear photos of enrolled people that do not name them
     * @param threshold mean of the thirds' thresholds
     * @param mixed errors of the probability with half of the photos clear and half degraded
     * @param undetected photos in which no face was found; no other figure counts them
     * @param intervals 95 %, bootstrapped over people, by the figure's name
     */
    public record Report(
            double fpir,
            double fnir,
            double threshold,
            Map<String, ProbabilityErrors> mixed,
            Map<String, ProbabilityErrors> clear,
            Map<String, ProbabilityErrors> degraded,
            Calibration calibration,
            int photos,
            int people,
            int undetected,
            Map<String, double[]> intervals) {}

    /** The calibration from all photos, and how well it works. */
    public Report report() {
        Map<String, List<Forecast>> mixed = new TreeMap<>();
        Map<String, List<Forecast>> ofClear = new TreeMap<>();
        Map<String, List<Forecast>> ofDegraded = new TreeMap<>();
        List<CalibrationTrial> tried = new ArrayList<>();
        for (int fold = 0; fold < FOLDS; fold++) {
            int tested = fold;
            FalseMatches matches = matches(of(clear, name -> fold(name) != tested));
            Calibration calibration = fit(matches, name -> fold(name) != tested);
            tried.add(new CalibrationTrial(
                    calibration,
                    matches,
                    CalibrationGallery.THREE_OF_FIVE.search(of(clear, name -> fold(name) == tested), seed),
                    separation,
                    persons));
            List<EmbeddedPhoto> judged = of(halfDegraded(), person -> fold(person) == tested);
            for (CalibrationGallery gallery : CalibrationGallery.of(judged)) {
                String name = gallery.label();
                List<Searched> half = gallery.search(judged, seed);
                for (Searched searched : half) {
                    add(mixed, name, searched, search -> true, calibration);
                    add(ofClear, name, searched, search -> !isDegraded(search.label()), calibration);
                    add(ofDegraded, name, searched, search -> isDegraded(search.label()), calibration);
                }
            }
        }
        trials = List.copyOf(tried);
        FalseMatches matches = matches(clear);
        Calibration calibration = fit(matches, name -> true);
        List<Figure> figures = new ArrayList<>();
        figures.add(Figure.share("fpir", persons.size(), weights -> mean(trial -> trial.fpir(weights))));
        figures.add(Figure.share("fnir", persons.size(), weights -> mean(trial -> trial.fnir(weights))));
        figures.add(Figure.measure(
                "threshold", persons.size(), weights -> mean(trial -> trial.threshold(weights, persons))));
        int[] once = new int[persons.size()];
        Arrays.fill(once, 1);
        PhotoSet photos = new PhotoSet(clear);
        figures.add(Figure.count("undetected", photos.people(), photos.size(), photos::undetected));
        return new Report(
                mean(trial -> trial.fpir(once)),
                mean(trial -> trial.fnir(once)),
                mean(CalibrationTrial::threshold),
                errors("mixed", mixed, figures),
                errors("clear", ofClear, figures),
                errors("degraded", ofDegraded, figures),
                calibration,
                photos.size(),
                photos.people(),
                photos.undetected(),
                intervals(figures, matches, calibration));
    }

    private double mean(ToDoubleFunction<CalibrationTrial> figure) {
        return trials.stream().mapToDouble(figure).average().getAsDouble();
    }

    private Map<String, double[]> intervals(List<Figure> figures, FalseMatches matches, Calibration calibration) {
        Map<String, double[]> intervals = new LinkedHashMap<>(new Bootstrap(persons.size(), seed).intervals(figures));
        double[] rates = calibration.falseMatchRates().stream()
                .mapToDouble(FalseMatchRate::rate)
                .toArray();
        List<Comparison> nearest = matches.nearest(SPARE * rates[0]);
        double[][] distances =
                new Bootstrap(matches.people(), seed).intervals(weights -> matches.distances(nearest, rates, weights));
        for (int i = 0; i < rates.length; i++) {
            if (distances[i] != null) {
                intervals.put("calibration.falseMatchRates." + Figures.power(rates[i]), distances[i]);
            }
        }
        return intervals;
    }

    /**
     * Every wrong answer of any drawing at the threshold, and every clear photo in which no face was found. Call it
     * after {@link #report()}. The kinds are those of {@code OpenSetIdentification.errors()}.
     */
    public List<PhotoError> errors() {
        return Stream.concat(
                        trials.stream().flatMap(trial -> trial.errors().stream()),
                        clear.stream().filter(photo -> !photo.detected()).map(PhotoError::undetected))
                .toList();
    }

    private void add(
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
                        calibration.probability(),
                        search -> persons.get(search.photo().photo().name())));
    }

    private Map<String, ProbabilityErrors> errors(
            String half, Map<String, List<Forecast>> forecasts, List<Figure> figures) {
        Map<String, ProbabilityErrors> errors = new TreeMap<>();
        forecasts.forEach((name, ofGallery) -> {
            errors.put(name, ProbabilityErrors.of(ofGallery));
            figures.addAll(ProbabilityErrors.figures(half + "." + name, ofGallery, persons.size()));
        });
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

    /**
     * Mixes the hash first, since the lowest bit of a label's own hash hardly says more than whether the photo's number
     * is even.
     */
    static boolean isDegraded(String label) {
        return label.hashCode() * 0x9E3779B9 < 0;
    }

    private Calibration fit(FalseMatches matches, Predicate<String> people) {
        List<Searched> searched = search(CalibrationGallery.of(of(clear, people)), people);
        return new Calibration(falseMatchRates(matches), matches.averaging(), ProbabilityFit.of(searched));
    }

    private List<Searched> search(List<CalibrationGallery> galleries, Predicate<String> people) {
        return Stream.concat(Stream.of(clear), far.stream())
                .flatMap(photos ->
                        galleries.stream().flatMap(gallery -> gallery.search(of(photos, people), seed).stream()))
                .toList();
    }

    /**
     * The probability from all photos, fitted on searches in the galleries that have enough people.
     *
     * @return empty if no gallery has enough people
     */
    public Optional<MatchProbability> matchProbability() {
        List<CalibrationGallery> galleries = Arrays.stream(CalibrationGallery.values())
                .filter(gallery -> gallery.isOfAtLeast(LEAST_PEOPLE, clear))
                .toList();
        return galleries.isEmpty() ? Optional.empty() : Optional.of(ProbabilityFit.of(search(galleries, name -> true)));
    }

    /** A probability fitted on other photos, adapted to the lengths of these photos' embeddings. */
    public MatchProbability withNormsOfThese(MatchProbability fitted) {
        return ProbabilityFit.withNorms(
                fitted,
                Stream.concat(Stream.of(clear), far.stream())
                        .flatMap(List::stream)
                        .filter(EmbeddedPhoto::detected)
                        .map(photo -> photo.quality().norm()));
    }

    private static List<EmbeddedPhoto> of(List<EmbeddedPhoto> photos, Predicate<String> people) {
        return photos.stream()
                .filter(photo -> people.test(photo.photo().name()))
                .toList();
    }

    /**
     * The false match rates alone, without a probability.
     *
     * @param photos clear ones
     * @throws IllegalArgumentException if they are too few
     */
    public static Calibration falseMatches(List<EmbeddedPhoto> photos) {
        FalseMatches matches = matches(photos);
        return new Calibration(falseMatchRates(matches), matches.averaging(), null);
    }

    private static FalseMatches matches(List<EmbeddedPhoto> photos) {
        return new FalseMatches(photos, averaging(photos).orElse(0));
    }

    /**
     * How much more like a template strangers are if it averages many photos, as {@link Calibration} has it.
     *
     * @param photos clear ones
     * @return empty if too few people have two photos
     */
    public static OptionalDouble averaging(List<EmbeddedPhoto> photos) {
        return new AveragingFit(photos).averaging();
    }

    /** The false match rates of clear probes. */
    private static List<FalseMatchRate> falseMatchRates(FalseMatches matches) {
        List<FalseMatchRate> rates = new ArrayList<>();
        for (double rate : RATES) {
            if (rate * matches.size() >= (rates.size() < 2 ? LEAST_EXPECTED : EXPECTED_OF_SMALL)) {
                rates.add(new FalseMatchRate(rate, matches.distance(rate)));
            }
        }
        if (rates.size() < 2) {
            throw new IllegalArgumentException("too few faces to calibrate with: " + matches.size()
                    + " comparisons of different people, of " + matches.people() + " people with a face");
        }
        return rates;
    }
}
