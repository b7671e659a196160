package io.facestream.calibration;

import io.facestream.calibration.FalseMatches.Comparison;
import io.facestream.photos.EmbeddedPhoto;
import java.util.Arrays;
import java.util.List;

/**
 * How often a stranger is within a distance of a template: as counted down to the nearest hundredth of the
 * comparisons, and from there on by a {@link GeneralisedPareto} distribution of how much nearer they are (Coles, "An
 * Introduction to Statistical Modeling of Extreme Values", 2001, chapter 4), so that rates can be told of which the
 * photos hold no more than a few matches, or none.
 */
public final class FalseMatchCurve {
    /**
     * The tail's share of the comparisons where they are many; the distribution holds the better, the smaller it is.
     */
    private static final double LEAST_TAIL = 1e-2;

    private static final double GREATEST_TAIL = 0.1;

    /** So many make the shape of the tail known to about 0.1. */
    private static final double WANTED = 400;

    /** More than the tail, for replicates in which the nearest weigh less. */
    private static final double SPARE = 1.5;

    private final FalseMatches matches;
    private final List<Comparison> nearest;
    private final double tailShare;
    private final Tail tail;

    /**
     * @param from the distance of its outer end
     * @param mean how much nearer its comparisons are, on average
     * @param nearer how much nearer they are
     */
    private record Tail(double from, double mean, GeneralisedPareto nearer) {
        double distance(double share) {
            return from - nearer.excess(share);
        }
    }

    /**
     * @param photos clear ones, as streams and enrolment embed them; those without a face do not count
     * @throws IllegalArgumentException if they are of fewer than two people, or all alike
     */
    public FalseMatchCurve(List<EmbeddedPhoto> photos) {
        matches = new FalseMatches(photos);
        if (matches.people() < 2) {
            throw new IllegalArgumentException("false matches take faces of two people, not " + matches.people());
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

    /** Null where there is nothing to fit it to. */
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

    /** Rates below this one are the distribution's. */
    public double tailShare() {
        return tailShare;
    }

    /** The distance within which a share of the strangers is; below 0 if even that is not near enough. */
    public double distance(double rate) {
        return rate < tailShare ? tail.distance(rate / tailShare) : matches.distance(rate);
    }

    /**
     * The distance within which as many strangers are as another network has within one of its own. The two tails are
     * taken to be of one shape, for they are of the same comparisons: neither ends before the other, however few they
     * are.
     *
     * @param other of the same photos
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
