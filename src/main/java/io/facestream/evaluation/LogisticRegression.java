package io.facestream.evaluation;

import static org.bytedeco.opencv.global.opencv_core.CV_64F;
import static org.bytedeco.opencv.global.opencv_core.DECOMP_CHOLESKY;
import static org.bytedeco.opencv.global.opencv_core.solve;

import java.nio.DoubleBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.opencv.opencv_core.Mat;

/** Weighted logistic regression with offsets, by Newton's method (Bishop 2006, section 4.3.3). */
final class LogisticRegression {
    private static final int STEPS = 50;
    private static final double CLOSE = 1e-9;

    /** Keeps the fit finite where classes can be separated; of no weight beside data that cannot. */
    private static final double RIDGE = 1e-6;

    private final int features;
    private final List<Observation> observations = new ArrayList<>();

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Observation(double[] features, double offset, boolean positive, double weight) {}

    LogisticRegression(int features) {
        this.features = features;
    }

    /** @param offset of the log odds that is known */
    void add(double[] of, double offset, boolean positive, double weight) {
        observations.add(new Observation(of, offset, positive, weight));
    }

    /** The coefficients of the features that make the observations most likely. */
    double[] fit() {
        double[] fitted = new double[features];
        for (int step = 0; step < STEPS; step++) {
            double[] change = newtonStep(fitted);
            double largest = 0;
            for (int i = 0; i < features; i++) {
                fitted[i] += change[i];
                largest = Math.max(largest, Math.abs(change[i]));
            }
            if (largest < CLOSE) {
                break;
            }
        }
        return fitted;
    }

    private double[] newtonStep(double[] fitted) {
        double[] gradient = new double[features];
        double[] hessian = new double[features * features];
        for (Observation observation : observations) {
            double logOdds = observation.offset();
            for (int i = 0; i < features; i++) {
                logOdds += fitted[i] * observation.features()[i];
            }
            double probability = 1 / (1 + Math.exp(-logOdds));
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
