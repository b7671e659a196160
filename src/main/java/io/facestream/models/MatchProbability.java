package io.facestream.models;

/**
 * The probability that a probe shows the person with the nearest template: a logistic regression on the distance and
 * the probe's norm, with the sizes of gallery and crowd as Bayesian priors. With x the norm scaled from -1 ({@code
 * leastNorm}) to 1 ({@code greatestNorm}), n photos in the template, N templates and a share s of strangers:
 *
 * <pre>
 *  log odds = log((1 - s) / s) - log N + intercept + distance d + norm x + distanceNorm d x + normSquared x^2
 *             + averaging (1 - 1/n) + distanceAveraging d (1 - 1/n)
 * </pre>
 *
 * <p>In a larger gallery the nearest stranger is nearer, because there are N times as many chances. Norms outside the
 * range are clamped to it.
 * The more photos a template averages, the nearer are photos of its person. A version that was calibrated before has 0
 * for both coefficients of averaging.
 */
public record MatchProbability(
        float leastNorm,
        float greatestNorm,
        double intercept,
        double distance,
        double norm,
        double distanceNorm,
        double normSquared,
        Double averaging,
        Double distanceAveraging) {

    public MatchProbability {
        averaging = averaging == null ? 0.0 : averaging;
        distanceAveraging = distanceAveraging == null ? 0.0 : distanceAveraging;
        if (!(leastNorm > 0 && greatestNorm > leastNorm)) {
            throw new IllegalArgumentException("not a valid range of norms: " + leastNorm + " to " + greatestNorm);
        }
    }

    /**
     * The probability, 0 to 1.
     *
     * @param probeDistance to the nearest template: L2 of unit vectors, 0 to 2
     * @param probeNorm length of the probe's embedding before it was normalised
     * @param samples photos that the nearest template averages, at least 1
     * @param templates in the gallery, at least 1
     * @param strangerShare of the faces that are searched for, above 0 and below 1
     */
    public double of(double probeDistance, double probeNorm, int samples, long templates, double strangerShare) {
        double[] features = features(probeDistance, probeNorm, samples, leastNorm, greatestNorm);
        double logOdds = Math.log((1 - strangerShare) / strangerShare)
                - Math.log(templates)
                + intercept * features[0]
                + distance * features[1]
                + norm * features[2]
                + distanceNorm * features[3]
                + normSquared * features[4]
                + averaging * features[5]
                + distanceAveraging * features[6];
        return 1 / (1 + Math.exp(-logOdds));
    }

    /** The factors of the regression's coefficients, in the same order. */
    public static double[] features(double distance, double norm, int samples, double leastNorm, double greatestNorm) {
        double middle = (leastNorm + greatestNorm) / 2;
        double x = Math.max(-1, Math.min(1, (norm - middle) / (greatestNorm - middle)));
        double averaged = 1 - 1.0 / samples;
        return new double[] {1, distance, x, distance * x, x * x, averaged, distance * averaged};
    }
}
