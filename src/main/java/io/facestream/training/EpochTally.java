package io.facestream.training;

import io.facestream.training.commands.EpochReport;
import io.facestream.training.network.TrainingBatch;
import io.facestream.training.network.TrainingStep;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** Adds up what the steps of an epoch found. */
final class EpochTally {
    private final int people;
    private final float[][] sums;
    private double loss;
    private double tripletLoss;
    private double active;
    private double intra;
    private double inter;
    private int steps;
    private int photos;
    private long graphNanos;

    /** @param people in the training set */
    EpochTally(int people) {
        this.people = people;
        sums = new float[people][];
    }

    void add(TrainingBatch batch, TrainingStep step, long nanos) {
        steps++;
        photos += batch.size();
        graphNanos += nanos;
        loss += step.loss();
        tripletLoss += step.tripletLoss();
        active += step.activeTriplets();
        float[][] vectors = step.unitVectors();
        addDistances(vectors, batch.people());
        for (int i = 0; i < vectors.length; i++) {
            int person = batch.people()[i];
            if (sums[person] == null) {
                sums[person] = new float[vectors[i].length];
            }
            for (int d = 0; d < vectors[i].length; d++) {
                sums[person][d] += vectors[i][d];
            }
        }
    }

    private void addDistances(float[][] vectors, int[] whose) {
        double[] sum = new double[2];
        int[] count = new int[2];
        for (int i = 0; i < vectors.length; i++) {
            for (int j = i + 1; j < vectors.length; j++) {
                int kind = whose[i] == whose[j] ? 0 : 1;
                sum[kind] += distance(vectors[i], vectors[j]);
                count[kind]++;
            }
        }
        intra += sum[0] / count[0];
        inter += sum[1] / count[1];
    }

    private static double distance(float[] first, float[] second) {
        double squares = 0;
        for (int d = 0; d < first.length; d++) {
            double difference = first[d] - second[d];
            squares += difference * difference;
        }
        return Math.sqrt(squares);
    }

    double tripletLoss() {
        return tripletLoss / steps;
    }

    double activeTriplets() {
        return active / steps;
    }

    double intraDistance() {
        return intra / steps;
    }

    double interDistance() {
        return inter / steps;
    }

    /**
     * The smallest distance between the centres of two people. A centre is the normalised mean of a person's unit
     * vectors in this epoch. All pairs of people are compared.
     */
    double clusterDistance() {
        float[][] centres = new float[people][];
        for (int person = 0; person < people; person++) {
            double length = distance(sums[person], new float[sums[person].length]);
            centres[person] = new float[sums[person].length];
            for (int d = 0; d < centres[person].length; d++) {
                centres[person][d] = (float) (sums[person][d] / length);
            }
        }
        return IntStream.range(1, people)
                .parallel()
                .mapToDouble(i -> IntStream.range(0, i)
                        .mapToDouble(j -> distance(centres[i], centres[j]))
                        .min()
                        .orElseThrow())
                .min()
                .orElseThrow();
    }

    /** @param nanos that the epoch took */
    EpochReport report(
            int epoch,
            long stepsSoFar,
            long nanos,
            OptionalDouble clusterDistance,
            Optional<EpochReport.HeldBack> heldBack) {
        return new EpochReport(
                epoch,
                stepsSoFar,
                loss / steps,
                tripletLoss(),
                activeTriplets(),
                intraDistance(),
                interDistance(),
                clusterDistance,
                photos / (nanos / 1e9),
                (double) graphNanos / nanos,
                heldBack);
    }
}
