package io.facestream.training.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

class TripletLossTest {
    private static final int DIMENSIONS = 3;

    /** What the graph makes of a batch. */
    private record Outcome(double loss, double active, float[][] gradient) {}

    private static Outcome graph(Mining mining, double margin, float[][] vectors, int[] people) {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Operand<TFloat32> embeddings = tf.placeholder(TFloat32.class);
            Operand<TInt32> labels = tf.placeholder(TInt32.class);
            TripletLoss loss = TripletLoss.of(tf, mining, (float) margin, embeddings, labels);
            Output<?>[] gradient = graph.addGradients(loss.loss().asOutput(), new Output<?>[] {embeddings.asOutput()});
            try (Session session = new Session(graph);
                    TFloat32 input = TFloat32.tensorOf(StdArrays.ndCopyOf(vectors));
                    TInt32 whose = TInt32.vectorOf(people);
                    Result result = session.runner()
                            .feed(embeddings, input)
                            .feed(labels, whose)
                            .fetch(loss.loss())
                            .fetch(loss.active())
                            .fetch(gradient[0])
                            .run()) {
                return new Outcome(
                        ((TFloat32) result.get(0)).getFloat(),
                        ((TFloat32) result.get(1)).getFloat(),
                        StdArrays.array2dCopyOf((TFloat32) result.get(2)));
            }
        }
    }

    /** Loss and share of active triplets by looking at every triplet of the batch. */
    private static double[] reference(Mining mining, double margin, double[][] vectors, int[] people) {
        int n = people.length;
        double sum = 0;
        int active = 0;
        int count = 0;
        for (int anchor = 0; anchor < n; anchor++) {
            double farthestPositive = -1;
            double nearestNegative = Double.MAX_VALUE;
            for (int other = 0; other < n; other++) {
                double distance = squared(vectors[anchor], vectors[other]);
                if (people[other] != people[anchor]) {
                    nearestNegative = Math.min(nearestNegative, distance);
                } else if (other != anchor) {
                    farthestPositive = Math.max(farthestPositive, distance);
                }
            }
            if (mining == Mining.BATCH_HARD && farthestPositive >= 0) {
                double loss = Math.max(0, margin + farthestPositive - nearestNegative);
                sum += loss;
                count++;
                active += loss > 0 ? 1 : 0;
            }
            for (int positive = 0; positive < n && mining != Mining.BATCH_HARD; positive++) {
                if (positive == anchor || people[positive] != people[anchor]) {
                    continue;
                }
                double toPositive = squared(vectors[anchor], vectors[positive]);
                double semiHard = Double.MAX_VALUE;
                double farthest = -1;
                for (int negative = 0; negative < n; negative++) {
                    if (people[negative] == people[anchor]) {
                        continue;
                    }
                    double toNegative = squared(vectors[anchor], vectors[negative]);
                    farthest = Math.max(farthest, toNegative);
                    if (toNegative > toPositive) {
                        semiHard = Math.min(semiHard, toNegative);
                    }
                    if (mining == Mining.BATCH_ALL) {
                        double loss = Math.max(0, margin + toPositive - toNegative);
                        sum += loss;
                        count++;
                        active += loss > 0 ? 1 : 0;
                    }
                }
                if (mining == Mining.SEMI_HARD) {
                    double toNegative = semiHard == Double.MAX_VALUE ? farthest : semiHard;
                    double loss = Math.max(0, margin + toPositive - toNegative);
                    sum += loss;
                    count++;
                    active += loss > 0 ? 1 : 0;
                }
            }
        }
        double mean = mining == Mining.BATCH_ALL ? sum / Math.max(1, active) : sum / count;
        return new double[] {mean, (double) active / count};
    }

    /**
     * As the graph computes it, from the product: 2 - 2ab, also for vectors that finite differences push off the
     * sphere.
     */
    private static double squared(double[] a, double[] b) {
        double product = 0;
        for (int i = 0; i < a.length; i++) {
            product += a[i] * b[i];
        }
        return Math.max(0, 2 - 2 * product);
    }

    private static double[][] unitVectors(int count, long seed) {
        Random random = new Random(seed);
        double[][] vectors = new double[count][DIMENSIONS];
        for (double[] vector : vectors) {
            double length = 0;
            for (int d = 0; d < DIMENSIONS; d++) {
                vector[d] = random.nextGaussian();
                length += vector[d] * vector[d];
            }
            for (int d = 0; d < DIMENSIONS; d++) {
                // as floats, so that both sides start from the same numbers
                vector[d] = (float) (vector[d] / Math.sqrt(length));
            }
        }
        return vectors;
    }

    private static float[][] floats(double[][] vectors) {
        float[][] floats = new float[vectors.length][DIMENSIONS];
        for (int i = 0; i < vectors.length; i++) {
            for (int d = 0; d < DIMENSIONS; d++) {
                floats[i][d] = (float) vectors[i][d];
            }
        }
        return floats;
    }

    /** Batches of uneven people, the last with one photo. */
    private static int[] people(long seed) {
        Random random = new Random(seed);
        int[] people = new int[12];
        for (int i = 0; i < people.length - 1; i++) {
            people[i] = random.nextInt(4);
        }
        people[people.length - 1] = 9;
        return people;
    }

    @ParameterizedTest
    @EnumSource
    void lossAndActiveTripletsEqualThoseOfLookingAtEveryTriplet(Mining mining) {
        for (int seed = 0; seed < 10; seed++) {
            double margin = 0.2 + 0.15 * seed;
            double[][] vectors = unitVectors(12, seed);
            int[] people = people(seed);

            Outcome outcome = graph(mining, margin, floats(vectors), people);

            double[] expected = reference(mining, margin, vectors, people);
            assertThat(outcome.loss()).isCloseTo(expected[0], within(1e-5));
            assertThat(outcome.active()).isCloseTo(expected[1], within(1e-6));
        }
    }

    @ParameterizedTest
    @EnumSource
    void gradientsAgreeWithFiniteDifferences(Mining mining) {
        double[][] vectors = unitVectors(12, 3);
        int[] people = people(3);

        float[][] gradient = graph(mining, 0.7, floats(vectors), people).gradient();

        double step = 1e-6;
        for (int i = 0; i < vectors.length; i++) {
            for (int d = 0; d < DIMENSIONS; d++) {
                double value = vectors[i][d];
                vectors[i][d] = value + step;
                double above = reference(mining, 0.7, vectors, people)[0];
                vectors[i][d] = value - step;
                double below = reference(mining, 0.7, vectors, people)[0];
                vectors[i][d] = value;
                assertThat((double) gradient[i][d]).isCloseTo((above - below) / (2 * step), within(1e-4));
            }
        }
    }

    @Test
    void whereNoNegativeIsFartherThanThePositiveTheFarthestOneCounts() {
        float[][] vectors = {{1, 0, 0}, {-1, 0, 0}, {0, 1, 0}};

        Outcome outcome = graph(Mining.SEMI_HARD, 0.5, vectors, new int[] {1, 1, 2});

        assertThat(outcome.loss()).isCloseTo(0.5 + 4 - 2, within(1e-6));
        assertThat(outcome.active()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void aCollapsedBatchLosesTheMargin(Mining mining) {
        float[][] vectors = new float[6][];
        Arrays.setAll(vectors, i -> new float[] {1, 0, 0});

        assertThat(graph(mining, 0.4, vectors, new int[] {1, 1, 2, 2, 3, 3}).loss())
                .isCloseTo(0.4, within(1e-6));
    }

    @ParameterizedTest
    @EnumSource
    void whereEveryNegativeIsFarEnoughNothingIsLost(Mining mining) {
        float[][] vectors = {{1, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 1, 0}};

        Outcome outcome = graph(mining, 0.4, vectors, new int[] {1, 1, 2, 2});

        assertThat(outcome.loss()).isZero();
        assertThat(outcome.active()).isZero();
    }
}
