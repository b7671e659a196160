package io.facestream.evaluation;

import io.facestream.evaluation.LabelledPhotos.Photo;
import io.facestream.evaluation.OpenSetSearch.Search;
import io.facestream.identities.Decider;
import io.facestream.identities.Identification;
import io.facestream.identities.Identification.Decision;
import io.facestream.models.Calibration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Who is it, of those enrolled, or nobody? Open-set identification in the terms of ISO/IEC 19795-1: FNIR is the share of searches
 * for enrolled people that do not name them, FPIR that of searches for strangers that name somebody. A face that was not found is a
 * miss for an enrolled person and no search for a stranger. AMBIGUOUS names nobody. Figures are means of the drawings.
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
    private final List<Outcomes> outcomes;

    /** @param decider in force */
    private record Drawing(OpenSetSearch search, Decider decider) {}

    /**
     * What came of a search.
     *
     * @param score distance at which it names somebody; infinite if it never does
     */
    private record Outcome(Search search, float score, Decision decision) {
        static Outcome of(Search search, Decider decider) {
            boolean separated =
                    !(search.runnerUp() - search.nearest() < decider.rule().separation());
            Identification identification = search.decision(decider);
            boolean refused = identification instanceof Identification.Unknown unknown && unknown.reason() != null;
            boolean names = search.detected() && separated && !refused;
            return new Outcome(search, names ? search.nearest() : Float.POSITIVE_INFINITY, identification.decision());
        }

        boolean known() {
            return decision == Decision.KNOWN;
        }

        boolean ambiguous() {
            return decision == Decision.AMBIGUOUS;
        }

        boolean right() {
            return search.right();
        }
    }

    /**
     * A drawing's.
     *
     * @param mated searches for enrolled people
     * @param nonMated searches for strangers, by score
     */
    private record Outcomes(List<Outcome> mated, List<Outcome> nonMated) {
        static Outcomes of(OpenSetSearch search, int gallerySize, Decider decider) {
            return new Outcomes(
                    search.mated(gallerySize).stream()
                            .map(found -> Outcome.of(found, decider))
                            .toList(),
                    search.nonMated(gallerySize).stream()
                            .filter(Search::detected)
                            .map(found -> Outcome.of(found, decider))
                            .sorted(Comparator.comparing(Outcome::score))
                            .toList());
        }
    }

    /**
     * @param enrolled photos of people, each with more than {@code enrol}
     * @param strangers photos of others
     * @param seed of drawings and bootstrap
     * @param deciders in force at so many templates
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
                .map(drawing -> Outcomes.of(drawing.search(), people.people(), drawing.decider()))
                .toList();
    }

    /** A point of the curve of errors: the thresholds differ from drawing to drawing. */
    public record DetPoint(double fpir, double fnir) {}

    /** The errors of a gallery of so many people at the threshold in force for its size. */
    public record Growth(int people, double threshold, double fnir, double fpir, Double fnirAtFpir1e2) {}

    /**
     * What is gained by refusing the probes of the smallest norm.
     *
     * @param rejected share of the searches for enrolled people
     * @param random the mean of {@value #RANDOM_REJECTIONS} random rejections of the same size
     */
    public record Rejection(double rejected, Double fnirAtFpir1e2, Double random) {}

    /**
     * @param probes searches for enrolled people in one drawing
     * @param strangers photos of strangers
     * @param fnir at the threshold in force
     * @param fpir at the threshold in force
     * @param ambiguous share of probes
     * @param rank1 share of probes whose nearest template is their person's, at whatever distance
     * @param fnirAtFpir null where under 5 false positives are expected
     * @param threshold in force, mean of the drawings
     * @param intervals 95 %, bootstrapped over people and strangers, by the figure's name
     * @param probability of the first candidate, told the share of strangers here; null where the model was not calibrated
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

    public Report report() {
        int groups = people.people() + strangers.people();
        int[] once = new int[groups];
        Arrays.fill(once, 1);
        double[] figures = figures(once);
        double[][] bounds = new Bootstrap(groups, seed).intervals(this::figures);
        Map<String, double[]> intervals = new LinkedHashMap<>();
        String[] names = {"fnir", "fpir", "ambiguous", "rank1"};
        for (int i = 0; i < names.length; i++) {
            intervals.put(names[i], bounds[i]);
        }
        Map<String, Double> fnirAtFpir = new LinkedHashMap<>();
        for (int i = 0; i < RATES.length; i++) {
            boolean supported = supports(RATES[i]);
            fnirAtFpir.put(Figures.power(RATES[i]), supported ? Figures.orNull(figures[names.length + i]) : null);
            if (supported) {
                intervals.put("fnirAtFpir." + Figures.power(RATES[i]), bounds[names.length + i]);
            }
        }
        return new Report(
                outcomes.get(0).mated().size(),
                strangers.size(),
                figures[0],
                figures[1],
                figures[2],
                figures[3],
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
                mean(outcomes, drawing -> share(drawing.nonMated(), once, Outcome::ambiguous)),
                intervals,
                det(once),
                growth(once),
                rejections(once),
                probabilityErrors());
    }

    private ProbabilityErrors probabilityErrors() {
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
        return ProbabilityErrors.of(forecasts);
    }

    private boolean supports(double rate) {
        return rate * (strangers.size() - strangers.undetected()) >= AllPairs.LEAST_EXPECTED;
    }

    /** FNIR, FPIR, AMBIGUOUS and rank 1, then the FNIR at each of the {@link #RATES}. */
    private double[] figures(int[] weights) {
        double[] figures = new double[4 + RATES.length];
        for (Outcomes drawing : outcomes) {
            figures[0] += fnir(drawing, weights);
            figures[1] += share(drawing.nonMated(), weights, Outcome::known);
            figures[2] += share(drawing.mated(), weights, Outcome::ambiguous);
            figures[3] += share(drawing.mated(), weights, Outcome::right);
            for (int i = 0; i < RATES.length; i++) {
                figures[4 + i] += fnirAt(RATES[i], drawing, weights);
            }
        }
        Arrays.setAll(figures, i -> figures[i] / DRAWINGS);
        return figures;
    }

    private static double fnir(Outcomes drawing, int[] weights) {
        return share(drawing.mated(), weights, probe -> !(probe.right() && probe.known()));
    }

    /** FNIR at the largest threshold whose FPIR is no more than the rate. */
    private static double fnirAt(double rate, Outcomes drawing, int[] weights) {
        double all = 0;
        for (Outcome stranger : drawing.nonMated()) {
            all += weights[stranger.search().group()];
        }
        double named = 0;
        float limit = Float.POSITIVE_INFINITY;
        for (Outcome stranger : drawing.nonMated()) {
            named += weights[stranger.search().group()];
            if (named > rate * all) {
                limit = stranger.score();
                break;
            }
        }
        float threshold = limit;
        return share(drawing.mated(), weights, probe -> !(probe.right() && probe.score() < threshold));
    }

    private static double share(List<Outcome> searches, int[] weights, Predicate<Outcome> counted) {
        double all = 0;
        double holds = 0;
        for (Outcome search : searches) {
            int weight = weights[search.search().group()];
            if (weight > 0) {
                all += weight;
                holds += counted.test(search) ? weight : 0;
            }
        }
        return holds / all;
    }

    private static <T> double mean(List<T> drawings, ToDoubleFunction<T> figure) {
        return drawings.stream().mapToDouble(figure).average().getAsDouble();
    }

    private List<DetPoint> det(int[] once) {
        return Arrays.stream(CURVE)
                .filter(this::supports)
                .mapToObj(rate -> new DetPoint(rate, mean(outcomes, drawing -> fnirAt(rate, drawing, once))))
                .toList();
    }

    private List<Growth> growth(int[] once) {
        return IntStream.concat(
                        IntStream.iterate(1, size -> size < people.people(), size -> 2 * size),
                        IntStream.of(people.people()))
                .mapToObj(size -> growth(size, once))
                .toList();
    }

    private Growth growth(int size, int[] once) {
        List<Drawing> smaller = drawings.stream()
                .map(Drawing::search)
                .map(search -> new Drawing(search, deciders.apply(search.templates(size))))
                .toList();
        List<Outcomes> ofSmaller = smaller.stream()
                .map(drawing -> Outcomes.of(drawing.search(), size, drawing.decider()))
                .toList();
        return new Growth(
                size,
                mean(smaller, drawing -> drawing.decider().rule().threshold()),
                mean(ofSmaller, drawing -> fnir(drawing, once)),
                mean(ofSmaller, drawing -> share(drawing.nonMated(), once, Outcome::known)),
                supports(RATES[0])
                        ? Figures.orNull(mean(ofSmaller, drawing -> fnirAt(RATES[0], drawing, once)))
                        : null);
    }

    private List<Rejection> rejections(int[] once) {
        List<Rejection> rejections = new ArrayList<>();
        for (double rejected : REJECTED) {
            if (!supports(RATES[0] * (1 - rejected))) {
                break;
            }
            double byNorm = mean(
                    outcomes,
                    drawing -> afterRejecting(rejected, drawing, once, outcome -> outcome.search()
                            .quality()
                            .norm()));
            Random random = new Random(seed);
            double atRandom = IntStream.range(0, RANDOM_REJECTIONS)
                    .mapToDouble(i ->
                            afterRejecting(rejected, outcomes.get(i % DRAWINGS), once, outcome -> random.nextDouble()))
                    .average()
                    .getAsDouble();
            rejections.add(new Rejection(rejected, byNorm, atRandom));
        }
        return rejections;
    }

    /** FNIR at FPIR 1 % without the searches whose score is below the bound that such a share of the mated ones misses. */
    private static double afterRejecting(
            double rejected, Outcomes drawing, int[] once, ToDoubleFunction<Outcome> score) {
        double[] ofMated = scores(drawing.mated(), score);
        double[] ofNonMated = scores(drawing.nonMated(), score);
        double bound = Arrays.stream(ofMated).sorted().toArray()[(int) (rejected * ofMated.length)];
        Outcomes kept =
                new Outcomes(kept(drawing.mated(), ofMated, bound), kept(drawing.nonMated(), ofNonMated, bound));
        return fnirAt(RATES[0], kept, once);
    }

    /** An undetected face has the lowest score of all. */
    private static double[] scores(List<Outcome> searches, ToDoubleFunction<Outcome> score) {
        return searches.stream()
                .mapToDouble(search -> search.search().detected() ? score.applyAsDouble(search) : -1)
                .toArray();
    }

    private static List<Outcome> kept(List<Outcome> searches, double[] scores, double bound) {
        return IntStream.range(0, scores.length)
                .filter(i -> scores[i] >= bound)
                .mapToObj(searches::get)
                .toList();
    }

    /**
     * A search that named somebody else.
     *
     * @param probe what was searched for
     * @param matched a photo of the person who was named
     */
    public record FalseMatch(Photo probe, Photo matched, float distance) {}

    /** Those of the first drawing. */
    public List<FalseMatch> falseMatches() {
        Outcomes first = outcomes.get(0);
        return Stream.concat(
                        first.mated().stream()
                                .filter(probe -> probe.known() && !probe.right())
                                .map(probe -> falseMatch(probe, people)),
                        first.nonMated().stream().filter(Outcome::known).map(probe -> falseMatch(probe, strangers)))
                .toList();
    }

    private FalseMatch falseMatch(Outcome outcome, PhotoSet searched) {
        Search search = outcome.search();
        int matched = IntStream.range(0, people.size())
                .filter(photo -> people.person(photo) == search.nearestPerson())
                .findFirst()
                .getAsInt();
        return new FalseMatch(
                searched.photos().get(search.photo()).photo(),
                people.photos().get(matched).photo(),
                search.nearest());
    }

    /** Draws the detection error trade-off beside a report. */
    public static void plot(Path report, Report figures) throws IOException {
        Plots.identification(report, figures);
    }
}
