package io.facestream.evaluation;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The distances of all pairs of distinct photos: how often the same person is accepted (TAR) where different people are accepted
 * at a given rate (FAR). A pair of one person in which a face was not found is not accepted; pairs of different people are
 * counted where both were found.
 */
final class AllPairs {
    static final double[] FALSE_ACCEPT_RATES = {1e-1, 1e-2, 1e-3, 1e-4, 1e-5};

    /** A rate is given where at least so many false accepts are expected. */
    static final int LEAST_EXPECTED = 5;

    static final int BINS = 2_000;
    static final float BIN = 2f / BINS;

    /** More than the highest rate, for replicates in which the nearest pairs weigh less. */
    private static final double TAIL = 1.3 * FALSE_ACCEPT_RATES[0];

    private final int people;
    private final int[] photosOfPerson;
    private final float[] genuine;
    private final int[] genuinePerson;
    private final long[] impostorHistogram;
    private final long[] genuineHistogram = new long[BINS + 1];

    /** The nearest pairs of different people in order: bits of the distance, then the two people, 16 bits each. */
    private final long[] nearestImpostors;

    AllPairs(PhotoSet photos) {
        people = photos.people();
        float[][] probes = photos.probes();
        photosOfPerson = new int[people];
        IntStream.range(0, photos.size())
                .filter(i -> probes[i] != null)
                .forEach(i -> photosOfPerson[photos.person(i)]++);
        long[] pairs = IntStream.range(0, photos.size())
                .mapToObj(i -> genuineOf(photos, probes, i))
                .flatMapToLong(Arrays::stream)
                .toArray();
        genuine = new float[pairs.length];
        genuinePerson = new int[pairs.length];
        for (int i = 0; i < pairs.length; i++) {
            genuine[i] = distance(pairs[i]);
            genuinePerson[i] = (int) pairs[i];
            if (genuine[i] <= 2) {
                genuineHistogram[(int) (genuine[i] / BIN)]++;
            }
        }
        impostorHistogram = IntStream.range(0, photos.size())
                .parallel()
                .collect(() -> new long[BINS + 1], (bins, i) -> count(photos, probes, i, bins), AllPairs::add);
        float cut = upperEdge(TAIL);
        nearestImpostors = IntStream.range(0, photos.size())
                .parallel()
                .mapToObj(i -> nearestOf(photos, probes, i, cut))
                .flatMapToLong(Arrays::stream)
                .sorted()
                .toArray();
    }

    private static long[] genuineOf(PhotoSet photos, float[][] probes, int i) {
        LongStream.Builder pairs = LongStream.builder();
        for (int j = i + 1; j < probes.length; j++) {
            if (photos.person(i) == photos.person(j)) {
                boolean detected = probes[i] != null && probes[j] != null;
                float distance = detected ? PhotoSet.distance(probes[i], probes[j]) : Float.POSITIVE_INFINITY;
                pairs.add(entry(distance, photos.person(i)));
            }
        }
        return pairs.build().toArray();
    }

    private static void count(PhotoSet photos, float[][] probes, int i, long[] bins) {
        for (int j = i + 1; probes[i] != null && j < probes.length; j++) {
            if (probes[j] != null && photos.person(i) != photos.person(j)) {
                bins[(int) (PhotoSet.distance(probes[i], probes[j]) / BIN)]++;
            }
        }
    }

    private static void add(long[] bins, long[] others) {
        Arrays.setAll(bins, i -> bins[i] + others[i]);
    }

    private static long[] nearestOf(PhotoSet photos, float[][] probes, int i, float cut) {
        LongStream.Builder pairs = LongStream.builder();
        for (int j = i + 1; probes[i] != null && j < probes.length; j++) {
            if (probes[j] != null && photos.person(i) != photos.person(j)) {
                float distance = PhotoSet.distance(probes[i], probes[j]);
                if (distance < cut) {
                    pairs.add(entry(distance, photos.person(i) << 16 | photos.person(j)));
                }
            }
        }
        return pairs.build().toArray();
    }

    /** Sorts by distance: bits of a float that is not negative sort as the float does. */
    private static long entry(float distance, int people) {
        return (long) Float.floatToIntBits(distance) << 32 | people & 0xffffffffL;
    }

    private static float distance(long entry) {
        return Float.intBitsToFloat((int) (entry >>> 32));
    }

    /** The distance below which the given share of pairs of different people lies, rounded up to a bin. */
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

    long impostors() {
        return Arrays.stream(impostorHistogram).sum();
    }

    /** Counts of pairs of one person by distance, in bins of {@link #BIN} from 0 to 2. */
    long[] genuineHistogram() {
        return genuineHistogram.clone();
    }

    /** Counts of pairs of different people. */
    long[] impostorHistogram() {
        return impostorHistogram.clone();
    }

    int genuinePairs() {
        return genuine.length;
    }

    /** Whether the data support a rate. */
    boolean supports(double falseAcceptRate) {
        return falseAcceptRate * impostors() >= LEAST_EXPECTED;
    }

    /**
     * TAR at each of {@link #FALSE_ACCEPT_RATES}: first over all pairs, then as the mean over people.
     *
     * @param weights how many times each person is there
     */
    double[] tarAtFar(int[] weights) {
        int rates = FALSE_ACCEPT_RATES.length;
        double[] figures = new double[2 * rates];
        double[] thresholds = thresholds(weights);
        for (int rate = 0; rate < rates; rate++) {
            float[] accepted = new float[people];
            float[] all = new float[people];
            for (int i = 0; i < genuine.length; i++) {
                all[genuinePerson[i]]++;
                if (genuine[i] <= thresholds[rate]) {
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
            figures[rate] = Double.isNaN(thresholds[rate]) ? Double.NaN : tar / pairs;
            figures[rates + rate] = Double.isNaN(thresholds[rate]) ? Double.NaN : sumOfShares / counted;
        }
        return figures;
    }

    /** The largest distance at which no more than each rate is accepted; NaN where the nearest pairs don't reach that far. */
    private double[] thresholds(int[] weights) {
        double photos = 0;
        double squares = 0;
        for (int person = 0; person < people; person++) {
            double weighted = (double) weights[person] * photosOfPerson[person];
            photos += weighted;
            squares += weighted * weighted;
        }
        double pairs = (photos * photos - squares) / 2;
        double[] thresholds = new double[FALSE_ACCEPT_RATES.length];
        Arrays.fill(thresholds, Double.NaN);
        double accepted = 0;
        int rate = FALSE_ACCEPT_RATES.length - 1;
        for (long entry : nearestImpostors) {
            accepted += (double) weights[(int) (entry >>> 16 & 0xffff)] * weights[(int) (entry & 0xffff)];
            while (rate >= 0 && accepted > FALSE_ACCEPT_RATES[rate] * pairs) {
                thresholds[rate--] = Math.nextDown(distance(entry));
            }
        }
        return thresholds;
    }
}
