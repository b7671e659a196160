package io.facestream.calibration;

import io.facestream.embeddings.Embedding;
import io.facestream.models.Calibration;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.PhotoSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The distances of probes to other people's templates. A template is the mean of up to {@value #SAMPLES_OF_TEMPLATE}
 * photos, and a distance that at which a template of one photo would have as many strangers.
 */
final class FalseMatches {
    private static final int SAMPLES_OF_TEMPLATE = 3;
    private static final int BINS = 20_000;
    private static final double BIN = 2.0 / BINS;

    private final List<String> names;
    private final float[][] templates;
    private final int[] samples;
    private final double averaging;
    private final float[][][] probes;
    private final long[] histogram;

    /**
     * A comparison of a probe with another person's template.
     *
     * @param distance L2 of unit vectors, 0 to 2
     * @param first index of the probe's person
     * @param second index of the template's
     */
    record Comparison(float distance, int first, int second) {
        private long toBits() {
            // The bits of a non-negative float sort as the float does.
            return (long) Float.floatToIntBits(distance) << 32 | (long) first << 16 | second;
        }

        private static Comparison ofBits(long bits) {
            return new Comparison(
                    Float.intBitsToFloat((int) (bits >>> 32)), (int) (bits >>> 16 & 0xffff), (int) (bits & 0xffff));
        }
    }

    /**
     * @param photos those without a detected face do not count
     * @param averaging as the model version's {@link Calibration} has it
     */
    FalseMatches(List<EmbeddedPhoto> photos, double averaging) {
        this.averaging = averaging;
        Map<String, List<EmbeddedPhoto>> photosOf = photos.stream()
                .filter(EmbeddedPhoto::detected)
                .collect(Collectors.groupingBy(photo -> photo.photo().name(), TreeMap::new, Collectors.toList()));
        if (photosOf.size() > PhotoSet.MAX_PEOPLE) {
            throw new IllegalArgumentException(
                    "photos of at most " + PhotoSet.MAX_PEOPLE + " people, not " + photosOf.size());
        }
        names = List.copyOf(photosOf.keySet());
        List<float[]> templateOf = new ArrayList<>();
        List<float[][]> probesOf = new ArrayList<>();
        for (List<EmbeddedPhoto> ofPerson : photosOf.values()) {
            templateOf.add(Embedding.mean(ofPerson.stream()
                            .limit(SAMPLES_OF_TEMPLATE)
                            .map(EmbeddedPhoto::sample)
                            .toList())
                    .vector());
            probesOf.add(ofPerson.stream().map(photo -> photo.probe().vector()).toArray(float[][]::new));
        }
        templates = templateOf.toArray(float[][]::new);
        samples = photosOf.values().stream()
                .mapToInt(ofPerson -> Math.min(SAMPLES_OF_TEMPLATE, ofPerson.size()))
                .toArray();
        probes = probesOf.toArray(float[][][]::new);
        histogram = IntStream.range(0, templates.length)
                .parallel()
                .collect(
                        () -> new long[BINS + 1],
                        this::count,
                        (bins, others) -> Arrays.setAll(bins, i -> bins[i] + others[i]));
    }

    private void count(long[] bins, int person) {
        for (float[] probe : probes[person]) {
            for (int other = 0; other < templates.length; other++) {
                if (other != person) {
                    bins[(int) (distance(probe, other) / BIN)]++;
                }
            }
        }
    }

    private float distance(float[] probe, int person) {
        return (float) Calibration.ofOnePhoto(PhotoSet.distance(probe, templates[person]), samples[person], averaging);
    }

    /** The people's names, by index. */
    List<String> names() {
        return names;
    }

    double averaging() {
        return averaging;
    }

    int people() {
        return templates.length;
    }

    int photosOf(int person) {
        return probes[person].length;
    }

    /** How many comparisons there are. */
    long size() {
        return Arrays.stream(histogram).sum();
    }

    /** The number of comparisons if people counted more or less often. */
    double size(int[] weights) {
        double size = 0;
        double templates = Arrays.stream(weights).sum();
        for (int person = 0; person < weights.length; person++) {
            size += (double) weights[person] * photosOf(person) * (templates - weights[person]);
        }
        return size;
    }

    /** The distance within which a share of the comparisons lies. */
    double distance(double share) {
        double wanted = share * size();
        long below = 0;
        int bin = 0;
        while (below + histogram[bin] < wanted) {
            below += histogram[bin++];
        }
        return bin * BIN;
    }

    /**
     * The distances within which shares of the comparisons lie, if people counted more or less often.
     *
     * @param nearest from {@link #nearest}, for somewhat more than the largest share
     * @param shares largest first
     * @param weights of people
     * @return NaN if the nearest do not reach that far
     */
    double[] distances(List<Comparison> nearest, double[] shares, int[] weights) {
        double all = size(weights);
        double[] distances = new double[shares.length];
        Arrays.fill(distances, Double.NaN);
        double within = 0;
        int share = shares.length - 1;
        for (Comparison comparison : nearest) {
            within += (double) weights[comparison.first()] * weights[comparison.second()];
            while (share >= 0 && within >= shares[share] * all) {
                distances[share--] = comparison.distance();
            }
            if (share < 0) {
                break;
            }
        }
        return distances;
    }

    /** The share of the comparisons that lie within a distance, which is at least 0. */
    double share(double distance) {
        return Arrays.stream(histogram, 0, (int) (distance / BIN)).sum() / (double) size();
    }

    /** The nearest comparisons, at least this share of all, nearest first. */
    List<Comparison> nearest(double share) {
        double within = distance(Math.min(1, share)) + BIN;
        return IntStream.range(0, templates.length)
                .parallel()
                .mapToObj(person -> nearestOf(person, within))
                .flatMapToLong(Arrays::stream)
                .sorted()
                .mapToObj(Comparison::ofBits)
                .toList();
    }

    private long[] nearestOf(int person, double within) {
        LongStream.Builder nearest = LongStream.builder();
        for (float[] probe : probes[person]) {
            for (int other = 0; other < templates.length; other++) {
                float distance = other == person ? Float.NaN : distance(probe, other);
                if (distance <= within) {
                    nearest.add(new Comparison(distance, person, other).toBits());
                }
            }
        }
        return nearest.build().toArray();
    }
}
