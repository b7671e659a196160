package io.facestream.calibration;

/**
 * The distribution of how far values lie beyond a threshold that few of them reach. The tails of nearly all
 * distributions approach it (Pickands, "Statistical inference using extreme order statistics", Annals of Statistics
 * 1975).
 *
 * <pre>
 *  share beyond x = (1 + shape x / scale)^(-1 / shape),   exp(-x / scale) for shape 0
 * </pre>
 *
 * @param shape below 0 for a tail that ends, 0 for an exponential one, above 0 for a heavier one; below 1
 * @param scale above 0
 */
record GeneralisedPareto(double shape, double scale) {
    /** Below it the power is practically exponential, and its exponent too large to compute with. */
    private static final double EXPONENTIAL = 1e-9;

    /** Offset of the plotting position, as Hosking and Wallis choose it. */
    private static final double OFFSET = 0.35;

    GeneralisedPareto {
        if (!(shape < 1 && scale > 0)) {
            throw new IllegalArgumentException(
                    "not a generalised Pareto distribution: shape " + shape + ", scale " + scale);
        }
    }

    /**
     * Fits it by probability-weighted moments (Hosking and Wallis, "Parameter and quantile estimation for the
     * generalized Pareto distribution", Technometrics 1987), which are steadier than maximum likelihood below some 500
     * values. If those moments give a tail that ends before the farthest value, the tail is made to end at that value
     * (Dupuis and Tsao 1998).
     *
     * @param excesses beyond the threshold, farthest first, none negative and not all 0
     * @param weights how many times each counts
     */
    static GeneralisedPareto fit(double[] excesses, double[] weights) {
        double all = 0;
        double sum = 0;
        double sumByShareBeyond = 0;
        for (int i = 0; i < excesses.length; i++) {
            // The middle one of the positions that equal values take.
            double beyond = all + (weights[i] - 1) / 2 + OFFSET;
            sum += weights[i] * excesses[i];
            sumByShareBeyond += weights[i] > 0 ? weights[i] * excesses[i] * beyond : 0;
            all += weights[i];
        }
        double mean = sum / all;
        double moment = sumByShareBeyond / (all * all);
        double shape = 2 - mean / (mean - 2 * moment);
        double scale = 2 * mean * moment / (mean - 2 * moment);
        double farthest = farthest(excesses, weights);
        return shape < 0 && -scale / shape < farthest
                ? new GeneralisedPareto(-scale / farthest, scale)
                : new GeneralisedPareto(shape, scale);
    }

    private static double farthest(double[] excesses, double[] weights) {
        for (int i = 0; i < excesses.length; i++) {
            if (weights[i] > 0) {
                return excesses[i];
            }
        }
        throw new IllegalArgumentException("nothing to fit a tail to");
    }

    /** The share of the tail that lies beyond an excess. */
    double beyond(double excess) {
        if (Math.abs(shape) < EXPONENTIAL) {
            return Math.exp(-excess / scale);
        }
        return Math.pow(Math.max(0, 1 + shape * excess / scale), -1 / shape);
    }

    /** The excess beyond which a share of the tail lies. */
    double excess(double share) {
        if (Math.abs(shape) < EXPONENTIAL) {
            return -scale * Math.log(share);
        }
        return scale / shape * (Math.pow(share, -shape) - 1);
    }
}
