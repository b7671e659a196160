package io.facestream.evaluation;

import io.facestream.calibration.AllPairs;
import io.facestream.calibration.Bootstrap;
import io.facestream.calibration.Figure;
import io.facestream.calibration.Figures;
import io.facestream.calibration.OpenSetSearch;
import io.facestream.calibration.OpenSetSearch.Search;
import io.facestream.calibration.ProbabilityErrors;
import io.facestream.calibration.SearchErrors;
import io.facestream.evaluation.SearchOutcomes.Outcome;
import io.facestream.identities.Decider;
import io.facestream.models.Calibration;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.PhotoError;
import io.facestream.photos.PhotoSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Who is it, of those enrolled, or nobody? Open-set identification in the terms of ISO/IEC 19795-1: FNIR is the share
 * of searches for enrolled people that do not name them. FPIR is the share of searches for strangers that name
 * somebody. An undetected face counts as a miss for an enrolled person, and does not count as a search for a stranger.
 * AMBIGUOUS names nobody. Figures are means over the drawings.
 */
public final class OpenSetIdentification {
    private static final int DRAWINGS = 20;
    private static final double[] RATES = {1e-2, 1e-3};
    private static final double[] CURVE = {1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 1e-1, 2e-1, 5e-1};
    private static final double[] REJECTED = {0, 0.05, 0.1, 0.2, 0.3};
    private static final int RANDOM_REJECTIONS = 100;

    private final PhotoSet people;
    private final PhotoSet strangers;
    private final int enrol;
    private final long seed;
    private final IntFunction<Decider> deciders;
    private final Calibration calibration;
    private final List<Drawing> drawings;
    private final List<SearchOutcomes> outcomes;

    /** @param decider in force */
    private record Drawing(OpenSetSearch search, Decider decider) {}

    /**
     * @param enrolled decodable photos of people, each with more than {@code enrol} photos
     * @param strangers decodable photos of other people
     * @param seed seed of drawings and bootstrap
     * @param deciders decider in force by the number of templates
     * @param calibration of the model version
     */
    public OpenSetIdentification(
            List<EmbeddedPhoto> enrolled,
            List<EmbeddedPhoto> strangers,
            int enrol,
            long seed,
            IntFunction<Decider> deciders,
            Calibration calibration) {
        this.people = new PhotoSet(enrolled);
        this.strangers = new PhotoSet(strangers);
        this.enrol = enrol;
        this.seed = seed;
        this.deciders = deciders;
        this.calibration = calibration;
        this.drawings = IntStream.range(0, DRAWINGS)
                .mapToObj(drawing ->
                        new OpenSetSearch(people, this.strangers, enrol, new Random(seed * DRAWINGS + drawing)))
                .map(search -> new Drawing(search, deciders.apply(search.templates(people.people()))))
                .toList();
        this.outcomes = drawings.stream()
                .map(drawing -> SearchOutcomes.of(drawing.search(), people.people(), drawing.decider()))
                .toList();
    }

    /** The errors of a gallery of {@code people} people, at the threshold in force for its size. */
    public record Growth(int people, double threshold, double fnir, double fpir, Double fnirAtFpir1e2) {}

    /**
     * The gain from refusing the probes with the smallest norm.
     *
     * @param rejected share of the searches for enrolled people
     * @param random mean of {@value #RANDOM_REJECTIONS} random rejections of the same size
     */
    public record Rejection(double rejected, Double fnirAtFpir1e2, Double random) {}

    /**
     * @param probes searches for enrolled people in one drawing
     * @param strangers photos of strangers
     * @param fnir at the threshold in force
     * @param fpir at the threshold in force
     * @param ambiguous share of probes
     * @param rank1 share of probes whose nearest template is their person's, at any distance
     * @param fnirAtFpir null if fewer than 5 false positives are expected
     * @param threshold in force, mean of the drawings
     * @param intervals 95 %, bootstrapped over people and strangers, by the figure's name; those of {@code det} are
     *     named by FPIR, of {@code galleryGrowth} by people, of {@code rejectedByNorm} by share
     * @param probability errors of the first candidate's probability, given the share of strangers here; null if the
     *     model is not calibrated
     */
    public record Report(
            int probes,
            int strangers,
            double fnir,
            double fpir,
            double ambiguous,
            double rank1,
            Map<String, Double> fnirAtFpir,
            int people,
            int strangerPeople,
            int enrolled,
            int drawings,
            int undetectedPhotosOfPeople,
            int undetectedPhotosOfStrangers,
            double threshold,
            double separation,
            double ambiguousStrangers,
            Map<String, double[]> intervals,
            List<DetPoint> det,
            List<Growth> galleryGrowth,
            List<Rejection> rejectedByNorm,
            ProbabilityErrors probability) {}

    /** The searches of all drawings. */
    public Stream<SearchedFor> searches() {
        return outcomes.stream().flatMap(SearchOutcomes::searches);
    }

    public Report report() {
        int groups = people.people() + strangers.people();
        int[] once = new int[groups];
        Arrays.fill(once, 1);
        List<Figure> figures = new ArrayList<>();
        double fnir = mated(figures, "fnir", once, SearchOutcomes::fnir);
        double fpir = nonMated(figures, "fpir", once, SearchOutcomes::fpir);
        double ambiguous = mated(figures, "ambiguous", once, SearchOutcomes::ambiguous);
        double rank1 = mated(figures, "rank1", once, SearchOutcomes::rank1);
        double ambiguousStrangers = nonMated(figures, "ambiguousStrangers", once, SearchOutcomes::ambiguousStrangers);
        figures.add(undetected("undetectedPhotosOfPeople", people, 0));
        figures.add(undetected("undetectedPhotosOfStrangers", strangers, people.people()));
        Map<String, Double> fnirAtFpir = new LinkedHashMap<>();
        for (double rate : RATES) {
            String name = Figures.power(rate);
            fnirAtFpir.put(
                    name,
                    supports(rate) ? Figures.orNull(mated(figures, "fnirAtFpir." + name, once, fnirAt(rate))) : null);
        }
        List<DetPoint> det = Arrays.stream(CURVE)
                .filter(this::supports)
                .mapToObj(rate -> new DetPoint(rate, mated(figures, "det." + rate, once, fnirAt(rate))))
                .toList();
        List<Growth> growth = growth(figures, once);
        List<Rejection> rejections = rejections(figures, once);
        ProbabilityErrors probability = probabilityErrors(figures, groups);
        return new Report(
                outcomes.get(0).mated().size(),
                strangers.size(),
                fnir,
                fpir,
                ambiguous,
                rank1,
                fnirAtFpir,
                people.people(),
                strangers.people(),
                enrol,
                DRAWINGS,
                people.undetected(),
                strangers.undetected(),
                drawings.stream()
                        .mapToDouble(drawing -> drawing.decider().rule().threshold())
                        .average()
                        .getAsDouble(),
                drawings.get(0).decider().rule().separation(),
                ambiguousStrangers,
                new Bootstrap(groups, seed).intervals(figures),
                det,
                growth,
                rejections,
                probability);
    }

    private static ToDoubleBiFunction<SearchOutcomes, int[]> fnirAt(double rate) {
        return (drawing, weights) -> drawing.fnirAt(rate, weights);
    }

    /** Adds a figure that is the mean over the drawings in which it is defined, and returns its value. */
    private static double add(
            List<Figure> figures,
            String name,
            int independent,
            List<SearchOutcomes> drawings,
            int[] once,
            ToDoubleBiFunction<SearchOutcomes, int[]> of) {
        Figure figure = Figure.share(name, independent, weights -> drawings.stream()
                .mapToDouble(drawing -> of.applyAsDouble(drawing, weights))
                .filter(Double::isFinite)
                .average()
                .orElse(Double.NaN));
        figures.add(figure);
        return figure.of().applyAsDouble(once);
    }

    /** A share of the searches for people. */
    private double mated(List<Figure> figures, String name, int[] once, ToDoubleBiFunction<SearchOutcomes, int[]> of) {
        return add(figures, name, people.people(), outcomes, once, of);
    }

    /** A share of the searches for strangers. */
    private double nonMated(
            List<Figure> figures, String name, int[] once, ToDoubleBiFunction<SearchOutcomes, int[]> of) {
        return add(figures, name, strangers.people(), outcomes, once, of);
    }

    /** @param first group of the set's first person */
    private static Figure undetected(String name, PhotoSet set, int first) {
        return Figure.count(
                name,
                set.people(),
                set.size(),
                weights -> set.undetected(Arrays.copyOfRange(weights, first, first + set.people())));
    }

    private boolean supports(double rate) {
        return rate * (strangers.size() - strangers.undetected()) >= AllPairs.LEAST_EXPECTED;
    }

    private ProbabilityErrors probabilityErrors(List<Figure> figures, int groups) {
        if (calibration.probability() == null) {
            return null;
        }
        List<ProbabilityErrors.Forecast> forecasts = new ArrayList<>();
        for (int i = 0; i < DRAWINGS; i++) {
            long templates = drawings.get(i).search().templates(people.people());
            List<Search> searches = Stream.concat(outcomes.get(i).mated().stream(), outcomes.get(i).nonMated().stream())
                    .map(Outcome::search)
                    .filter(Search::detected)
                    .toList();
            forecasts.addAll(
                    ProbabilityErrors.forecasts(searches, templates, people.people(), calibration.probability()));
        }
        figures.addAll(ProbabilityErrors.figures("probability", forecasts, groups));
        return ProbabilityErrors.of(forecasts);
    }

    private List<Growth> growth(List<Figure> figures, int[] once) {
        return IntStream.concat(
                        IntStream.iterate(1, size -> size < people.people(), size -> 2 * size),
                        IntStream.of(people.people()))
                .mapToObj(size -> growth(size, figures, once))
                .toList();
    }

    private Growth growth(int size, List<Figure> figures, int[] once) {
        List<Drawing> smaller = drawings.stream()
                .map(Drawing::search)
                .map(search -> new Drawing(search, deciders.apply(search.templates(size))))
                .toList();
        List<SearchOutcomes> ofSmaller = smaller.stream()
                .map(drawing -> SearchOutcomes.of(drawing.search(), size, drawing.decider()))
                .toList();
        String name = "galleryGrowth." + size;
        return new Growth(
                size,
                smaller.stream()
                        .mapToDouble(drawing -> drawing.decider().rule().threshold())
                        .average()
                        .getAsDouble(),
                add(figures, name + ".fnir", people.people(), ofSmaller, once, SearchOutcomes::fnir),
                add(figures, name + ".fpir", strangers.people(), ofSmaller, once, SearchOutcomes::fpir),
                supports(RATES[0])
                        ? Figures.orNull(add(
                                figures, name + ".fnirAtFpir1e2", people.people(), ofSmaller, once, fnirAt(RATES[0])))
                        : null);
    }

    private List<Rejection> rejections(List<Figure> figures, int[] once) {
        List<Rejection> rejections = new ArrayList<>();
        for (double rejected : REJECTED) {
            if (!supports(RATES[0] * (1 - rejected))) {
                break;
            }
            List<SearchOutcomes> byNorm = outcomes.stream()
                    .map(drawing -> drawing.without(
                            rejected, outcome -> outcome.search().quality().norm()))
                    .toList();
            Random random = new Random(seed);
            List<SearchOutcomes> atRandom = IntStream.range(0, RANDOM_REJECTIONS)
                    .mapToObj(i -> outcomes.get(i % DRAWINGS).without(rejected, outcome -> random.nextDouble()))
                    .toList();
            String name = "rejectedByNorm." + rejected;
            rejections.add(new Rejection(
                    rejected,
                    add(figures, name + ".fnirAtFpir1e2", people.people(), byNorm, once, fnirAt(RATES[0])),
                    add(figures, name + ".random", people.people(), atRandom, once, fnirAt(RATES[0]))));
        }
        return rejections;
    }

    /**
     * Every wrong answer of any drawing, each photo once for each kind of error and person: enrolled people who were
     * named as another ({@code wrong-name}), as one of two ({@code ambiguous}) or as nobody ({@code missed}), strangers
     * who were named ({@code false-positive}), and photos in which no face was found ({@code undetected}). An AMBIGUOUS
     * answer for a stranger names nobody, which is right.
     */
    public List<PhotoError> errors() {
        SearchErrors errors = new SearchErrors(people, DRAWINGS);
        for (int i = 0; i < DRAWINGS; i++) {
            Drawing drawing = drawings.get(i);
            Stream.concat(outcomes.get(i).mated().stream(), outcomes.get(i).nonMated().stream())
                    .map(Outcome::search)
                    .forEach(search -> errors.add(
                            drawing.search(),
                            search,
                            search.decision(drawing.decider()),
                            drawing.decider().rule().threshold()));
        }
        return Stream.concat(
                        errors.errors().stream(),
                        Stream.of(people, strangers)
                                .flatMap(set -> set.photos().stream())
                                .filter(photo -> !photo.detected())
                                .map(PhotoError::undetected))
                .toList();
    }

    /** Draws the detection error trade-off into a file beside the report. */
    public static void plot(Path report, Report figures) throws IOException {
        Plots.detectionErrorTradeOff(
                report, figures.det(), figures.people() + " people, " + figures.enrolled() + " photos each");
    }
}
