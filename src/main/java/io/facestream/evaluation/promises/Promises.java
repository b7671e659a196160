package io.facestream.evaluation.promises;

import io.facestream.calibration.Bootstrap;
import io.facestream.calibration.Figure;
import io.facestream.calibration.Figures;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.LabelledPhotos.Photo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Do promised error rates hold for people whom the calibration was not fitted on? People are dealt into thirds, several
 * times at random. Each third is counted with what was fitted on the other two, and its people are compared with one
 * another only.
 */
public final class Promises {
    private static final int DEALS = 6;
    private static final int THIRDS = 3;
    private static final double TARGET_FPIR = 0.005;

    /** How many times a calibration is fitted, and a third counted. */
    public static final int STEPS = DEALS * THIRDS;

    /** With fewer people a third says nothing. */
    private static final int LEAST_PEOPLE = 60;

    /** The rates by the number of photos in a template. */
    private static final Map<Integer, double[]> PROMISED = new TreeMap<>(
            Map.of(1, new double[] {1e-3, 1e-4, 1e-5}, 3, new double[] {1e-3, 1e-4}, 5, new double[] {1e-3}));

    /** As many photos as {@link Report#averaged()} compares with one. */
    private static final int AVERAGED = 4;

    /** The rates at which it does. The last one is that of a gallery of 128 people. */
    private static final double[] OF_AVERAGED = {1e-3, 1e-4, 1 - Math.pow(1 - TARGET_FPIR, 1.0 / 128)};

    /** The photos of those who have several are drawn so often. */
    private static final int DRAWINGS = 4;

    private static final int[] GALLERIES = {32, 64, 128, 256, 400};
    private static final int[] ENROLLED = {1, 3};

    /** In larger ones, people with fewer photos than are to be enrolled count too. */
    private static final int LARGEST_PURE = 64;

    private static final int MISSED = 3;
    private static final int MORE_THAN_MISSED = 5;

    private final int people;
    private final int photos;
    private final long seed;
    private final Map<Integer, MatchTally[]> matches = new TreeMap<>();
    private final MatchTally[] ofOne = tallies(OF_AVERAGED.length);
    private final MatchTally[] ofMany = tallies(OF_AVERAGED.length);
    private final Map<Gallery, SearchTally> falsePositives = new LinkedHashMap<>();
    private final SearchTally misses;

    /**
     * Fits and counts.
     *
     * @param photos clear ones; those without a face do not count
     * @param separation in force
     * @param done called after each of {@link #STEPS}
     * @throws IllegalArgumentException if there are too few people
     */
    public Promises(List<EmbeddedPhoto> photos, float separation, long seed, Runnable done) {
        List<List<EmbeddedPhoto>> photosOf = List.copyOf(photos.stream()
                .filter(EmbeddedPhoto::detected)
                .collect(Collectors.groupingBy(photo -> photo.photo().name(), TreeMap::new, Collectors.toList()))
                .values());
        this.people = photosOf.size();
        this.photos = photos.size();
        this.seed = seed;
        PROMISED.forEach((samples, rates) -> matches.put(samples, tallies(rates.length)));
        misses = new SearchTally(people);
        List<Integer> order = new ArrayList<>(IntStream.range(0, people).boxed().toList());
        Random random = new Random(seed);
        for (int deal = 0; deal < DEALS; deal++) {
            Collections.shuffle(order, random);
            int[] thirdOf = new int[people];
            IntStream.range(0, people).forEach(i -> thirdOf[order.get(i)] = i % THIRDS);
            for (int third = 0; third < THIRDS; third++) {
                int counted = third;
                count(new Third(photosOf, person -> thirdOf[person] == counted, separation, random));
                done.run();
            }
        }
    }

    /**
     * Checks before the long work that there are enough people.
     *
     * @throws IllegalArgumentException if there are not
     */
    public static void check(List<Photo> photos) {
        long people = photos.stream().map(Photo::name).distinct().count();
        if (people < LEAST_PEOPLE) {
            throw new IllegalArgumentException(
                    "promises are counted on a third of at least " + LEAST_PEOPLE + " people, not of " + people);
        }
    }

    private record Gallery(int size, int samples) {
        String name() {
            return size + " people, " + samples + (samples == 1 ? " photo" : " photos");
        }
    }

    private static MatchTally[] tallies(int count) {
        return Stream.generate(MatchTally::new).limit(count).toArray(MatchTally[]::new);
    }

    private void count(Third third) {
        PROMISED.forEach((samples, rates) -> {
            for (int drawing = 0; drawing < (samples == 1 ? 1 : DRAWINGS); drawing++) {
                third.countMatches(samples, samples, rates, matches.get(samples));
            }
        });
        for (int drawing = 0; drawing < DRAWINGS; drawing++) {
            third.countMatches(1, AVERAGED, OF_AVERAGED, ofOne);
            third.countMatches(AVERAGED, AVERAGED, OF_AVERAGED, ofMany);
            third.countMisses(MISSED, MORE_THAN_MISSED, TARGET_FPIR, misses);
        }
        for (int samples : ENROLLED) {
            for (int size : GALLERIES) {
                SearchTally tally =
                        falsePositives.computeIfAbsent(new Gallery(size, samples), gallery -> new SearchTally(people));
                third.countFalsePositives(samples, size, size <= LARGEST_PURE ? samples : 1, TARGET_FPIR, tally);
            }
        }
    }

    /**
     * @param realOverPromised false match rates counted over those promised, by promise: {@code 1e-3, 3 photos}
     * @param averaged false match rates with 4 photos over those with 1 of the same people, at the thresholds for 1e-3,
     *     1e-4, and 128 people
     * @param fpir by gallery, where {@value #TARGET_FPIR} was promised; those with several photos have as many as there
     *     are up to that from 128 people on
     * @param meanFpir over the galleries
     * @param fnir of people with 3 photos enrolled in a gallery of a third of those with 5 or more, at the threshold
     * @param intervals 95 %, bootstrapped over people, by the figure's name
     */
    public record Report(
            int photos,
            int people,
            Map<String, Double> realOverPromised,
            Map<String, Double> averaged,
            Map<String, Double> fpir,
            double meanFpir,
            double fnir,
            Map<String, double[]> intervals) {}

    public Report report() {
        List<Figure> figures = new ArrayList<>();
        int[] once = new int[people];
        Arrays.fill(once, 1);
        Map<String, Double> ratios = new LinkedHashMap<>();
        PROMISED.forEach((samples, rates) -> {
            for (int i = 0; i < rates.length; i++) {
                double rate = rates[i];
                MatchTally tally = matches.get(samples)[i];
                String name = Figures.power(rate) + ", " + samples + (samples == 1 ? " photo" : " photos");
                add(figures, ratios, "realOverPromised.", name, weights -> tally.share(weights) / rate, once);
            }
        });
        Map<String, Double> averaged = new LinkedHashMap<>();
        for (int i = 0; i < OF_AVERAGED.length; i++) {
            MatchTally one = ofOne[i];
            MatchTally many = ofMany[i];
            String name = i < OF_AVERAGED.length - 1 ? Figures.power(OF_AVERAGED[i]) : "128 people";
            add(figures, averaged, "averaged.", name, weights -> many.share(weights) / one.share(weights), once);
        }
        Map<String, Double> fpir = new LinkedHashMap<>();
        falsePositives.forEach((gallery, tally) -> {
            if (!tally.isEmpty()) {
                add(figures, fpir, "fpir.", gallery.name(), tally::share, once);
            }
        });
        Figure mean = Figure.share("meanFpir", people, weights -> falsePositives.values().stream()
                .filter(tally -> !tally.isEmpty())
                .mapToDouble(tally -> tally.share(weights))
                .average()
                .orElse(Double.NaN));
        figures.add(mean);
        Figure fnir = Figure.share("fnir", people, misses::share);
        figures.add(fnir);
        return new Report(
                photos,
                people,
                ratios,
                averaged,
                fpir,
                mean.of().applyAsDouble(once),
                fnir.of().applyAsDouble(once),
                new Bootstrap(people, seed).intervals(figures));
    }

    private void add(
            List<Figure> figures,
            Map<String, Double> values,
            String prefix,
            String name,
            ToDoubleFunction<int[]> of,
            int[] once) {
        figures.add(Figure.measure(prefix + name, people, of));
        values.put(name, Figures.orNull(of.applyAsDouble(once)));
    }
}
