package io.facestream.training.review;

import io.facestream.calibration.AllPairs;
import io.facestream.calibration.Bootstrap;
import io.facestream.models.ModelMetrics.Comparison;
import io.facestream.models.ModelMetrics.RocPoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Decides whether a candidate may replace its base, by photos of people whom it was not trained on. It compares TAR at
 * FAR 1e-2, the mean over people, with intervals from a bootstrap that draws the same people for both networks.
 */
public final class Gate {
    /** A gain whose interval lies above this does not count as a loss. */
    private static final double LARGEST_LOSS = -0.02;

    private static final double FALSE_ACCEPT_RATE = 1e-2;

    /** With fewer people, a candidate is promoted only after a person has looked at it. */
    public static final int LEAST_PEOPLE = 50;

    private static final int CURVE_STEPS = 16;
    private static final double STEPS_PER_DECADE = 4;

    private final long seed;

    /** The fate of a candidate. */
    public enum Verdict {
        REJECTED,
        PROMOTED,

        /** It may be promoted by command only. */
        MANUAL
    }

    /**
     * The verdict and its basis.
     *
     * @param reason reason in words, one line
     * @param comparisons one for each kind of photos, in their order; empty if the photos allow no comparison
     */
    public record Outcome(Verdict verdict, String reason, List<Comparison> comparisons) {
        public Outcome {
            comparisons = List.copyOf(comparisons);
        }
    }

    /** @param seed of the bootstrap */
    public Gate(long seed) {
        this.seed = seed;
    }

    /** @param photos one element per kind of photos, all of the same people; at least one kind */
    public Outcome judge(List<HeldBackVectors> photos) {
        List<Comparison> comparisons = new ArrayList<>();
        for (HeldBackVectors kind : photos) {
            if (!kind.areUnitVectors()) {
                return new Outcome(
                        Verdict.REJECTED,
                        "under the candidate, " + kind.photos() + " photos have embeddings that are not of unit length",
                        List.of());
            }
            AllPairs base = kind.base();
            AllPairs candidate = kind.candidate();
            if (!candidate.supports(FALSE_ACCEPT_RATE)) {
                return tooFew(kind);
            }
            double[] rates = supportedRates(candidate);
            double[] interval = new Bootstrap(kind.people(), seed)
                    .intervals(weights -> new double[] {tar(candidate, weights) - tar(base, weights)})[0];
            if (interval == null) {
                return tooFew(kind);
            }
            comparisons.add(new Comparison(
                    kind.photos(),
                    FALSE_ACCEPT_RATE,
                    base.tarOverPeople(FALSE_ACCEPT_RATE),
                    candidate.tarOverPeople(FALSE_ACCEPT_RATE),
                    interval[0],
                    interval[1],
                    curve(base, rates, kind.people()),
                    curve(candidate, rates, kind.people())));
        }
        return verdict(comparisons, photos.get(0).people());
    }

    private static double tar(AllPairs pairs, int[] weights) {
        return pairs.tarOverPeople(new double[] {FALSE_ACCEPT_RATE}, weights)[0];
    }

    private static double[] supportedRates(AllPairs pairs) {
        return IntStream.range(0, CURVE_STEPS)
                .mapToDouble(i -> Math.pow(10, -1 - i / STEPS_PER_DECADE))
                .filter(pairs::supports)
                .toArray();
    }

    private static List<RocPoint> curve(AllPairs pairs, double[] rates, int people) {
        int[] once = new int[people];
        Arrays.fill(once, 1);
        double[] tar = pairs.tarOverPeople(rates, once);
        return IntStream.range(0, rates.length)
                .mapToObj(i -> new RocPoint(rates[i], tar[i]))
                .toList();
    }

    private static Outcome tooFew(HeldBackVectors kind) {
        return new Outcome(
                Verdict.MANUAL,
                "the " + kind.photos() + " photos of " + kind.people()
                        + " people held back are too few to measure TAR at FAR 1e-2 with",
                List.of());
    }

    private static Outcome verdict(List<Comparison> comparisons, int people) {
        List<Comparison> worse = comparisons.stream()
                .filter(comparison -> comparison.gainLow() < LARGEST_LOSS)
                .toList();
        if (!worse.isEmpty()) {
            return new Outcome(
                    Verdict.REJECTED,
                    "perhaps more than 2 points worse on " + describe(worse) + ", by " + people + " people held back",
                    comparisons);
        }
        List<Comparison> better = comparisons.stream()
                .filter(comparison -> comparison.tar() > comparison.baseTar())
                .toList();
        if (better.isEmpty()) {
            return new Outcome(
                    Verdict.MANUAL,
                    "no better than its base: " + describe(comparisons) + ", by " + people + " people held back",
                    comparisons);
        }
        boolean certain = better.stream().anyMatch(comparison -> comparison.gainLow() > 0);
        String gain = (certain ? "better on " : "better, though perhaps by chance, on ") + describe(better) + ", by "
                + people + " people held back";
        return people < LEAST_PEOPLE
                ? new Outcome(Verdict.MANUAL, gain + ": fewer than " + LEAST_PEOPLE, comparisons)
                : new Outcome(Verdict.PROMOTED, gain, comparisons);
    }

    private static String describe(List<Comparison> comparisons) {
        return String.join(
                " and ",
                comparisons.stream()
                        .map(comparison -> String.format(
                                Locale.ROOT,
                                "%s photos (TAR at FAR 1e-2 %.3f, its base %.3f, gain %+.1f to %+.1f points)",
                                comparison.photos(),
                                comparison.tar(),
                                comparison.baseTar(),
                                100 * comparison.gainLow(),
                                100 * comparison.gainHigh()))
                        .toList());
    }
}
