package io.facestream.calibration;

import static org.bytedeco.opencv.global.opencv_core.CV_64F;
import static org.bytedeco.opencv.global.opencv_core.DECOMP_CHOLESKY;
import static org.bytedeco.opencv.global.opencv_core.solve;

import java.nio.DoubleBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.opencv.opencv_core.Mat;

/** Weighted logistic regression with offsets, by Newton's method (Bishop 2006, section 4.3.3). */
public final class LogisticRegression {
    private static final int STEPS = 50;
    private static final double CLOSE = 1e-12;

    /** Keeps the fit finite if the classes can be separated; negligible for data that cannot. */
    private static final double RIDGE = 1e-6;

    private final int features;
    private final List<Observation> observations = new ArrayList<>();

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Observation(double[] features, double offset, boolean positive, double weight) {
        double logOdds(double[] fitted) {
            double logOdds = offset;
            for (int i = 0; i < fitted.length; i++) {
                logOdds += fitted[i] * features[i];
            }
            return logOdds;
        }
    }

    public LogisticRegression(int features) {
        this.features = features;
    }

    /** @param offset known part of the log odds */
    public void add(double[] of, double offset, boolean positive, double weight) {
        observations.add(new Observation(of, offset, positive, weight));
    }

    /** The coefficients of the features that make the observations most likely. */
    public double[] fit() {
        double[] fitted = new double[features];
        double likelihood = logLikelihood(fitted);
        for (int step = 0; step < STEPS; step++) {
            double[] change = newtonStep(fitted);
            double[] next = plus(fitted, change, 1);
            double share = 1;
            // A whole step can overshoot far from the maximum.
            while (logLikelihood(next) < likelihood && share > CLOSE) {
                share /= 2;
                next = plus(fitted, change, share);
            }
            double gained = logLikelihood(next) - likelihood;
            if (gained > 0) {
                fitted = next;
                likelihood += gained;
            }
            if (gained < CLOSE) {
                break;
            }
        }
        return fitted;
    }

    private static double[] plus(double[] fitted, double[] change, double share) {
        double[] sum = fitted.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += share * change[i];
        }
        return sum;
    }

    private double logLikelihood(double[] fitted) {
        double likelihood = 0;
        for (double coefficient : fitted) {
            likelihood -= RIDGE / 2 * coefficient * coefficient;
        }
        for (Observation observation : observations) {
            double logOdds = observation.logOdds(fitted);
            double against = observation.positive() ? -logOdds : logOdds;
            // log(1 + e^x) without overflow
            likelihood -= observation.weight() * (Math.max(0, against) + Math.log1p(Math.exp(-Math.abs(against))));
        }
        return likelihood;
    }

    private double[] newtonStep(double[] fitted) {
        double[] gradient = new double[features];
        double[] hessian = new double[features * features];
        for (Observation observation : observations) {
            double probability = 1 / (1 + Math.exp(-observation.logOdds(fitted)));
            double error = observation.weight() * ((observation.positive() ? 1 : 0) - probability);
            double curvature = observation.weight() * probability * (1 - probability);
            for (int i = 0; i < features; i++) {
                gradient[i] += error * observation.features()[i];
                for (int j = 0; j < features; j++) {
                    hessian[i * features + j] +=
                            curvature * observation.features()[i] * observation.features()[j];
                }
            }
        }
        for (int i = 0; i < features; i++) {
            gradient[i] -= RIDGE * fitted[i];
            hessian[i * features + i] += RIDGE;
        }
        double[] change = new double[features];
        try (Mat left = new Mat(features, features, CV_64F);
                Mat right = new Mat(features, 1, CV_64F);
                Mat solution = new Mat()) {
            left.<DoubleBuffer>createBuffer().put(hessian);
            right.<DoubleBuffer>createBuffer().put(gradient);
            if (!solve(left, right, solution, DECOMP_CHOLESKY)) {
                throw new IllegalStateException("the observations do not determine the regression");
            }
            solution.<DoubleBuffer>createBuffer().get(change);
        }
        return change;
    }
}
