package io.facestream.models;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The meaning of distances under a model version, measured on people outside its gallery. Contains only numbers and no
 * embeddings.
 *
 * @param falseMatchRates how often a stranger is within a distance of a template of one photo, largest rate first; at
 *     least two points, or empty if not measured
 * @param averaging how much more like a template strangers are if it averages many photos: with n photos the cosine of
 *     the distance grows by the factor 1 / (1 - averaging (1 - 1/n)); below 0.5, and 0 if null, as in
 *     versions that were calibrated before
 * @param probability that the nearest template is the right one; null if not measured
 */
public record Calibration(List<FalseMatchRate> falseMatchRates, Double averaging, MatchProbability probability) {
    /** The calibration of a version that was never measured. */
    public static final Calibration NONE = new Calibration(List.of(), 0.0, null);

    public Calibration {
        falseMatchRates = falseMatchRates == null ? List.of() : List.copyOf(falseMatchRates);
        averaging = averaging == null ? 0.0 : averaging;
        if (!(averaging >= 0 && averaging < 0.5)) {
            throw new IllegalArgumentException("averaging must be 0 or more, and below 0.5, not " + averaging);
        }
        if (falseMatchRates.size() == 1) {
            throw new IllegalArgumentException("a curve needs at least two false match rates, not one");
        }
        for (int i = 1; i < falseMatchRates.size(); i++) {
            FalseMatchRate larger = falseMatchRates.get(i - 1);
            FalseMatchRate smaller = falseMatchRates.get(i);
            if (!(smaller.rate() < larger.rate() && smaller.distance() < larger.distance())) {
                throw new IllegalArgumentException(
                        "false match rates and their distances must descend, not " + falseMatchRates);
            }
        }
    }

    /**
     * A point of the curve.
     *
     * @param rate share of comparisons of different people, above 0 and below 1
     * @param distance within which those comparisons fall: L2 of unit vectors
     */
    public record FalseMatchRate(double rate, double distance) {
        public FalseMatchRate {
            if (!(rate > 0 && rate < 1 && distance > 0 && distance <= 2)) {
                throw new IllegalArgumentException("not a valid false match rate: " + rate + " at " + distance);
            }
        }
    }

    /**
     * The largest distance from templates of one photo at which at most {@code falsePositives} of the searches for
     * strangers name somebody: FPIR = 1 - (1 - FMR)^templates (Grother et al., NIST IR 8271, for independent
     * comparisons).
     *
     * @param templates in the gallery
     * @param falsePositives share of searches for strangers, above 0 and below 1
     * @return 0 to 2; empty if the rates were not measured
     */
    public OptionalDouble threshold(long templates, double falsePositives) {
        if (!(falsePositives > 0 && falsePositives < 1)) {
            throw new IllegalArgumentException("a target FPIR must be above 0 and below 1, not " + falsePositives);
        }
        if (falseMatchRates.isEmpty()) {
            return OptionalDouble.empty();
        }
        double rate = -Math.expm1(Math.log1p(-falsePositives) / Math.max(1, templates));
        return OptionalDouble.of(Math.min(2, Math.max(0, distance(rate))));
    }

    /**
     * The distance at a rate. Interpolates linearly in the logarithm of the rate, and extrapolates beyond the measured
     * points.
     */
    public double distance(double rate) {
        int next = 1;
        while (next < falseMatchRates.size() - 1 && falseMatchRates.get(next).rate() > rate) {
            next++;
        }
        FalseMatchRate larger = falseMatchRates.get(next - 1);
        FalseMatchRate smaller = falseMatchRates.get(next);
        double share = Math.log(larger.rate() / rate) / Math.log(larger.rate() / smaller.rate());
        return larger.distance() + share * (smaller.distance() - larger.distance());
    }

    /**
     * The distance within which a template has as many strangers as one of a single photo has within {@code distance}.
     *
     * @param distance of the latter, 0 to 2
     * @param samples photos that the template averages, at least 1
     * @return 0 to 2
     */
    public static double averaged(double distance, int samples, double averaging) {
        double cosines = (2 - distance * distance) / share(samples, averaging);
        return Math.sqrt(Math.min(4, Math.max(0, 2 - cosines)));
    }

    /** The inverse of {@link #averaged}. */
    public static double ofOnePhoto(double distance, int samples, double averaging) {
        double cosines = (2 - distance * distance) * share(samples, averaging);
        return Math.sqrt(Math.min(4, Math.max(0, 2 - cosines)));
    }

    private static double share(int samples, double averaging) {
        return 1 - averaging * (1 - 1.0 / samples);
    }

    /** The smallest measured norm of a probe. Probes with a smaller norm are not judged. */
    public Optional<Float> leastNorm() {
        return Optional.ofNullable(probability).map(MatchProbability::leastNorm);
    }
}
