package io.facestream.calibration;

import io.facestream.embeddings.Embedding;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.PhotoSet;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How much more like a template strangers are if it averages many photos. The mean of a person's photos has less of
 * what is peculiar to each of them, so its directions are those in which all faces differ, a stranger's too. Compares
 * the templates of the same people with one photo and with several.
 */
final class AveragingFit {
    /** With fewer people who have two photos the comparison says little. */
    private static final int LEAST_PEOPLE = 20;

    /** Nearest shares of the comparisons at which cosines are compared, and the fewest comparisons of a share. */
    private static final double[] SHARES = {1e-2, 3e-3, 1e-3, 3e-4};

    private static final int LEAST_COMPARISONS = 100;

    private static final int[] SAMPLES = {2, 3, 4, 5};

    /** So many choices of a person's photos, each beginning with the next photo. */
    private static final int CHOICES = 4;

    private static final double GREATEST = 0.1;
    private static final int BINS = 40_000;

    private final List<List<EmbeddedPhoto>> photosOf;
    private final float[][][] probes;

    /** @param photos those without a detected face do not count */
    AveragingFit(List<EmbeddedPhoto> photos) {
        photosOf = List.copyOf(photos.stream()
                .filter(EmbeddedPhoto::detected)
                .collect(Collectors.groupingBy(photo -> photo.photo().name(), TreeMap::new, Collectors.toList()))
                .values());
        probes = photosOf.stream()
                .map(photosOfOne -> photosOfOne.stream()
                        .map(photo -> photo.probe().vector())
                        .toArray(float[][]::new))
                .toArray(float[][][]::new);
    }

    /** The mean over numbers of photos, weighted by people, 0 to 0.1; empty if there are too few people. */
    OptionalDouble averaging() {
        double sum = 0;
        double weights = 0;
        for (int samples : SAMPLES) {
            int least = samples;
            int[] people = IntStream.range(0, photosOf.size())
                    .filter(person -> photosOf.get(person).size() >= least)
                    .toArray();
            if (people.length < LEAST_PEOPLE) {
                break;
            }
            double[] one = cosines(people, 1);
            double[] averaged = cosines(people, samples);
            for (int i = 0; i < one.length; i++) {
                sum += people.length * (1 - one[i] / averaged[i]) / (1 - 1.0 / samples) / one.length;
            }
            weights += people.length;
        }
        return weights == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(Math.max(0, Math.min(GREATEST, sum / weights)));
    }

    /** The cosines of the nearest shares of strangers, as many as the comparisons support and at least one. */
    private double[] cosines(int[] people, int samples) {
        long[] bins = Arrays.stream(people)
                .parallel()
                .collect(
                        () -> new long[BINS + 1],
                        (counts, person) -> count(counts, person, samples),
                        (counts, others) -> Arrays.setAll(counts, i -> counts[i] + others[i]));
        double all = Arrays.stream(bins).sum();
        return Arrays.stream(SHARES)
                .filter(share -> share == SHARES[0] || share * all >= LEAST_COMPARISONS * CHOICES)
                .map(share -> cosine(bins, share * all))
                .toArray();
    }

    private static double cosine(long[] bins, double wanted) {
        long nearer = 0;
        int bin = BINS + 1;
        while (nearer < wanted) {
            nearer += bins[--bin];
        }
        return 2.0 * bin / BINS - 1;
    }

    private void count(long[] bins, int person, int samples) {
        List<EmbeddedPhoto> photos = photosOf.get(person);
        for (int first = 0; first < CHOICES; first++) {
            int begin = first;
            float[] template = Embedding.mean(IntStream.range(begin, begin + samples)
                            .mapToObj(i -> photos.get(i % photos.size()).sample())
                            .toList())
                    .vector();
            for (int other = 0; other < probes.length; other++) {
                if (other != person) {
                    for (float[] probe : probes[other]) {
                        double distance = PhotoSet.distance(probe, template);
                        bins[(int) ((2 - distance * distance / 2) * BINS / 2)]++;
                    }
                }
            }
        }
    }
}
