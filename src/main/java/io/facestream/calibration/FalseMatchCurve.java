package io.facestream.calibration;

import io.facestream.calibration.FalseMatches.Comparison;
import io.facestream.photos.EmbeddedPhoto;
import java.util.Arrays;
import java.util.List;

/**
 * How often a stranger is within a distance of a template of one photo. The rates are counted down to the nearest
 * hundredth of the comparisons. Below that they follow a {@link GeneralisedPareto} distribution fitted to how much
 * nearer the nearest ones are (Coles, "An Introduction to Statistical Modeling of Extreme Values", 2001, chapter 4).
 * This extends the curve to rates for which the photos hold only a few matches, or none.
 */
public final class FalseMatchCurve {
    /**
     * The tail's share of the comparisons if there are many. The smaller the share, the better the distribution fits.
     */
    private static final double LEAST_TAIL = 1e-2;

    private static final double GREATEST_TAIL = 0.1;

    /** So many comparisons in the tail determine its shape to about 0.1. */
    private static final double WANTED = 400;

    /** More than the tail, to leave room for replicates in which the nearest weigh less. */
    private static final double SPARE = 1.5;

    private final FalseMatches matches;
    private final List<Comparison> nearest;
    private final double tailShare;
    private final Tail tail;

    /**
     * @param from distance at which the tail begins
     * @param mean how much nearer than that its comparisons are, on average
     * @param nearer distribution of how much nearer they are
     */
    private record Tail(double from, double mean, GeneralisedPareto nearer) {
        double distance(double share) {
            return from - nearer.excess(share);
        }
    }

    /**
     * @param photos clear ones, as streams and enrolment embed them; those without a detected face do not count
     * @param averaging as the model version's {@link io.facestream.models.Calibration} has it
     * @throws IllegalArgumentException if they show fewer than two people, or the nearest comparisons are all alike
     */
    public FalseMatchCurve(List<EmbeddedPhoto> photos, double averaging) {
        this(new FalseMatches(photos, averaging));
    }

    FalseMatchCurve(FalseMatches matches) {
        this.matches = matches;
        if (matches.people() < 2) {
            throw new IllegalArgumentException(
                    "false matches need faces of at least two people, not " + matches.people());
        }
        tailShare = Math.max(LEAST_TAIL, Math.min(GREATEST_TAIL, WANTED / matches.size()));
        nearest = matches.nearest(SPARE * tailShare);
        int[] once = new int[matches.people()];
        Arrays.fill(once, 1);
        tail = tail(once);
        if (tail == null) {
            throw new IllegalArgumentException("the nearest of " + matches.size() + " comparisons of "
                    + matches.people() + " people are all alike");
        }
    }

    /** Null if there is nothing to fit it to. */
    private Tail tail(int[] weights) {
        double wanted = tailShare * matches.size(weights);
        double[] weightOf = new double[nearest.size()];
        double within = 0;
        int count = 0;
        while (count < weightOf.length && within < wanted) {
            Comparison comparison = nearest.get(count);
            weightOf[count] = (double) weights[comparison.first()] * weights[comparison.second()];
            within += weightOf[count++];
        }
        if (count == 0 || within < wanted) {
            return null;
        }
        double from = nearest.get(count - 1).distance();
        double[] excesses = nearest.subList(0, count).stream()
                .mapToDouble(comparison -> from - comparison.distance())
                .toArray();
        double nearer = 0;
        for (int i = 0; i < count; i++) {
            nearer += weightOf[i] * excesses[i];
        }
        return nearer > 0 ? new Tail(from, nearer / within, GeneralisedPareto.fit(excesses, weightOf)) : null;
    }

    /** How many people there are. */
    public int people() {
        return matches.people();
    }

    /** How many comparisons of different people there are. */
    public long comparisons() {
        return matches.size();
    }

    /** Rates below this one come from the fitted distribution. */
    public double tailShare() {
        return tailShare;
    }

    /** The distance within which a share of the strangers lies; negative if even distance 0 is too far for the rate. */
    public double distance(double rate) {
        return rate < tailShare ? tail.distance(rate / tailShare) : matches.distance(rate);
    }

    /**
     * The distance within which this network has as many strangers as another network has within the given distance.
     * Both tails are assumed to have the same shape, since they come from the same comparisons. So neither tail ends
     * before the other, however few comparisons they have.
     *
     * @param other the other network's curve for the same photos
     */
    public double distanceAsOften(FalseMatchCurve other, double distance) {
        double nearer = other.tail.from() - distance;
        return nearer > 0
                ? tail.from() - nearer * tail.mean() / other.tail.mean()
                : matches.distance(other.matches.share(distance));
    }

    /**
     * The 95 % intervals of the tail's distances, bootstrapped over people.
     *
     * @param rates below {@link #tailShare()}
     * @return for each its lower and upper end
     */
    public double[][] intervals(double[] rates, long seed) {
        return new Bootstrap(people(), seed).intervals(weights -> {
            Tail replicate = tail(weights);
            return Arrays.stream(rates)
                    .map(rate -> replicate == null ? Double.NaN : replicate.distance(rate / tailShare))
                    .toArray();
        });
    }
}
