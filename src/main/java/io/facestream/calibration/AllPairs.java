package io.facestream.calibration;

import io.facestream.photos.PhotoSet;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The distances of all pairs of distinct photos. They give how often the same person is accepted (TAR) when different
 * people are accepted at a given rate (FAR). A pair of one person with an undetected face counts as not accepted; a
 * pair of different people counts only if both faces were found. If a gallery embeds photos differently from a stream,
 * photo i as sample with j as probe counts as well as the reverse.
 */
public final class AllPairs {
    public static final double[] FALSE_ACCEPT_RATES = {1e-1, 1e-2, 1e-3, 1e-4, 1e-5};

    /** A rate is reported only if at least so many false accepts are expected. */
    public static final int LEAST_EXPECTED = 5;

    static final int BINS = 2_000;
    public static final float BIN = 2f / BINS;

    /** More than the highest rate, to leave room for replicates in which the nearest pairs weigh less. */
    private static final double TAIL = 1.3 * FALSE_ACCEPT_RATES[0];

    private final boolean withGallery;
    private final int people;
    private final int[] photosOfPerson;
    private final float[] genuine;
    private final int[] genuinePerson;
    private final long[] impostorHistogram;
    private final long[] genuineHistogram = new long[BINS + 1];

    /** The nearest pairs of different people, sorted: the bits of the distance, then the two people, 16 bits each. */
    private final long[] nearestImpostors;

    /** Compares probes with probes. */
    public AllPairs(PhotoSet photos) {
        this(photos.probes(), photos.persons());
    }

    /** Compares each probe with the samples that enrolment computes for all other photos. */
    public static AllPairs withGallery(PhotoSet photos) {
        return new AllPairs(new Pairs(photos.samples(), photos.probes(), photos.persons()));
    }

    /**
     * @param probes unit vectors by photo; null if no face was found
     * @param person index of the person whom each photo shows, from 0 on
     */
    public AllPairs(float[][] probes, int[] person) {
        this(new Pairs(probes, probes, person));
    }

    private AllPairs(Pairs pairs) {
        int photos = pairs.probes().length;
        withGallery = pairs.ordered();
        people = Arrays.stream(pairs.person()).max().orElse(-1) + 1;
        if (people > PhotoSet.MAX_PEOPLE) {
            throw new IllegalArgumentException("pairs of at most " + PhotoSet.MAX_PEOPLE + " people, not " + people);
        }
        photosOfPerson = new int[people];
        IntStream.range(0, photos)
                .filter(i -> pairs.probes()[i] != null)
                .forEach(i -> photosOfPerson[pairs.person()[i]]++);
        long[] ofOnePerson = IntStream.range(0, photos)
                .parallel()
                .mapToObj(pairs::genuineOf)
                .flatMapToLong(Arrays::stream)
                .toArray();
        genuine = new float[ofOnePerson.length];
        genuinePerson = new int[ofOnePerson.length];
        for (int i = 0; i < ofOnePerson.length; i++) {
            genuine[i] = distance(ofOnePerson[i]);
            genuinePerson[i] = (int) ofOnePerson[i];
            if (genuine[i] <= 2) {
                genuineHistogram[(int) (genuine[i] / BIN)]++;
            }
        }
        impostorHistogram =
                IntStream.range(0, photos).parallel().collect(() -> new long[BINS + 1], pairs::count, AllPairs::add);
        float cut = upperEdge(TAIL);
        nearestImpostors = IntStream.range(0, photos)
                .parallel()
                .mapToObj(i -> pairs.nearestOf(i, cut))
                .flatMapToLong(Arrays::stream)
                .sorted()
                .toArray();
    }

    private static void add(long[] bins, long[] others) {
        Arrays.setAll(bins, i -> bins[i] + others[i]);
    }

    /**
     * The vectors to compare; they are not kept.
     *
     * @param gallery by photo; the probes themselves if there is no gallery
     */
    private record Pairs(float[][] gallery, float[][] probes, int[] person) {
        boolean ordered() {
            return gallery != probes;
        }

        /** The first photo to pair with photo i of the gallery. */
        private int first(int i) {
            return ordered() ? 0 : i + 1;
        }

        private boolean impostors(int i, int j) {
            return probes[j] != null && person[i] != person[j];
        }

        long[] genuineOf(int i) {
            LongStream.Builder pairs = LongStream.builder();
            for (int j = first(i); j < probes.length; j++) {
                if (j != i && person[i] == person[j]) {
                    boolean detected = gallery[i] != null && probes[j] != null;
                    float distance = detected ? PhotoSet.distance(gallery[i], probes[j]) : Float.POSITIVE_INFINITY;
                    pairs.add(entry(distance, person[i]));
                }
            }
            return pairs.build().toArray();
        }

        void count(long[] bins, int i) {
            for (int j = first(i); gallery[i] != null && j < probes.length; j++) {
                if (impostors(i, j)) {
                    bins[(int) (PhotoSet.distance(gallery[i], probes[j]) / BIN)]++;
                }
            }
        }

        long[] nearestOf(int i, float cut) {
            LongStream.Builder pairs = LongStream.builder();
            for (int j = first(i); gallery[i] != null && j < probes.length; j++) {
                if (impostors(i, j)) {
                    float distance = PhotoSet.distance(gallery[i], probes[j]);
                    if (distance < cut) {
                        pairs.add(entry(distance, person[i] << 16 | person[j]));
                    }
                }
            }
            return pairs.build().toArray();
        }
    }

    /** Sorts by distance: the bits of a non-negative float sort as the float does. */
    private static long entry(float distance, int people) {
        return (long) Float.floatToIntBits(distance) << 32 | people & 0xffffffffL;
    }

    private static float distance(long entry) {
        return Float.intBitsToFloat((int) (entry >>> 32));
    }

    /** The distance below which the given share of the pairs of different people lies, rounded up to a bin. */
    private float upperEdge(double share) {
        double wanted = share * impostors();
        long below = 0;
        for (int bin = 0; bin <= BINS; bin++) {
            below += impostorHistogram[bin];
            if (below >= wanted) {
                return (bin + 1) * BIN;
            }
        }
        return 2 + BIN;
    }

    public long impostors() {
        return Arrays.stream(impostorHistogram).sum();
    }

    /** Counts of pairs of one person by distance, in bins of {@link #BIN} from 0 to 2. */
    public long[] genuineHistogram() {
        return genuineHistogram.clone();
    }

    /** Counts of pairs of different people. */
    public long[] impostorHistogram() {
        return impostorHistogram.clone();
    }

    public int genuinePairs() {
        return genuine.length;
    }

    /** How many people have at least one pair of their own photos. */
    public int peopleWithPairs() {
        return (int) Arrays.stream(genuinePerson).distinct().count();
    }

    /**
     * Whether the data support a rate, that is, whether at least {@value #LEAST_EXPECTED} false accepts are expected.
     * Two photos count as one pair even with a gallery, where they form two very similar pairs.
     */
    public boolean supports(double falseAcceptRate) {
        return falseAcceptRate * impostors() / (withGallery ? 2 : 1) >= LEAST_EXPECTED;
    }

    /** {@link #tarAtFar(int[])} with each person counted once. */
    public double[] tarAtFar() {
        return tarAtFar(once());
    }

    /**
     * TAR at each of {@link #FALSE_ACCEPT_RATES}: first over all pairs, then as the mean over people.
     *
     * @param weights how many times each person counts
     */
    public double[] tarAtFar(int[] weights) {
        int rates = FALSE_ACCEPT_RATES.length;
        double[] figures = new double[2 * rates];
        double[] thresholds = thresholds(FALSE_ACCEPT_RATES, weights);
        for (int rate = 0; rate < rates; rate++) {
            TrueAccepts accepts = trueAccepts(thresholds[rate], weights);
            figures[rate] = accepts.overPairs();
            figures[rates + rate] = accepts.overPeople();
        }
        return figures;
    }

    /**
     * TAR at each of the given rates, as the mean over people.
     *
     * @param falseAcceptRates largest first; at most 0.1
     * @param weights how many times each person counts
     * @return NaN if there are no pairs of one person, or none of different people
     */
    public double[] tarOverPeople(double[] falseAcceptRates, int[] weights) {
        return Arrays.stream(thresholds(falseAcceptRates, weights))
                .map(threshold -> trueAccepts(threshold, weights).overPeople())
                .toArray();
    }

    /** TAR at one rate as the mean over people, each counted once. */
    public double tarOverPeople(double falseAcceptRate) {
        return tarOverPeople(new double[] {falseAcceptRate}, once())[0];
    }

    private int[] once() {
        int[] once = new int[people];
        Arrays.fill(once, 1);
        return once;
    }

    private record TrueAccepts(double overPairs, double overPeople) {}

    private TrueAccepts trueAccepts(double threshold, int[] weights) {
        if (Double.isNaN(threshold)) {
            return new TrueAccepts(Double.NaN, Double.NaN);
        }
        float[] accepted = new float[people];
        float[] all = new float[people];
        for (int i = 0; i < genuine.length; i++) {
            all[genuinePerson[i]]++;
            if (genuine[i] <= threshold) {
                accepted[genuinePerson[i]]++;
            }
        }
        double tar = 0;
        double pairs = 0;
        double sumOfShares = 0;
        double counted = 0;
        for (int person = 0; person < people; person++) {
            if (all[person] > 0) {
                tar += (double) weights[person] * accepted[person];
                pairs += (double) weights[person] * all[person];
                sumOfShares += weights[person] * accepted[person] / all[person];
                counted += weights[person];
            }
        }
        return new TrueAccepts(tar / pairs, sumOfShares / counted);
    }

    /**
     * For each rate the largest distance that accepts no more than it; NaN if the nearest pairs don't reach that far.
     */
    private double[] thresholds(double[] rates, int[] weights) {
        double photos = 0;
        double squares = 0;
        for (int person = 0; person < people; person++) {
            double weighted = (double) weights[person] * photosOfPerson[person];
            photos += weighted;
            squares += weighted * weighted;
        }
        double pairs = (photos * photos - squares) / (withGallery ? 1 : 2);
        double[] thresholds = new double[rates.length];
        Arrays.fill(thresholds, Double.NaN);
        double accepted = 0;
        int rate = rates.length - 1;
        for (long entry : nearestImpostors) {
            if (rate < 0) {
                break;
            }
            accepted += (double) weights[(int) (entry >>> 16 & 0xffff)] * weights[(int) (entry & 0xffff)];
            while (rate >= 0 && accepted > rates[rate] * pairs) {
                thresholds[rate--] = Math.nextDown(distance(entry));
            }
        }
        return thresholds;
    }
}
