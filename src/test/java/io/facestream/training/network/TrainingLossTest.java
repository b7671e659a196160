package io.facestream.training.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** The terms of a batch of three photos, of which the first two show one person, beside sums made by hand. */
class TrainingLossTest {
    private static final double MARGIN = 0.5;
    private static final int[] PEOPLE = {0, 0, 1};
    private static final float[][] VECTORS = {{1, 0}, {0.6f, 0.8f}, {0, 1}};
    private static final float[][] TARGETS = {{1, 0}, {1, 0}, {0.6f, 0.8f}};
    private static final float[] TARGET_WEIGHTS = {4, 1, 4};

    /** Of other dimensions than the network. Its cosines: 1, 0.8 and 0.8; the network's: 0.6, 0 and 0.8. */
    private static final float[][] TEACHER = {{0, 0, 1}, {0, 0, 1}, {0.6f, 0, 0.8f}};

    /** (0.4^2 + 0.8^2 + 0) over the three pairs; each counts twice, out of six. */
    private static final double TO_TEACHER = (0.16 + 0.64) / 3;

    /** The squared distances are 0, 0.8 and 0.4. */
    private static final double TO_BASE = (4 * 0 + 1 * 0.8 + 4 * 0.4) / 3;

    /**
     * From the first photo the positive is at 0.8 and the negative at 2: no loss. From the second it is at 0.4, nearer
     * than the positive, and the farthest negative is the same.
     */
    private static final double TRIPLETS = (0 + (MARGIN + 0.8 - 0.4)) / 2;

    private static double loss(double base, double teacher) {
        TrainingLoss.Weights weights = new TrainingLoss.Weights(Mining.SEMI_HARD, MARGIN, base, teacher);
        TrainingBatch batch = new TrainingBatch(
                ByteBuffer.allocateDirect(0),
                PEOPLE,
                base > 0 ? TARGETS : new float[0][],
                base > 0 ? TARGET_WEIGHTS : new float[0],
                teacher > 0 ? TEACHER : new float[0][]);
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            Operand<TFloat32> vectors = tf.placeholder(TFloat32.class);
            TrainingLoss loss = new TrainingLoss(tf, weights, vectors);
            try (Session session = new Session(graph);
                    TFloat32 input = TFloat32.tensorOf(StdArrays.ndCopyOf(VECTORS));
                    Result result =
                            loss.run(session.runner().feed(vectors, input).fetch(loss.sum()), batch)) {
                return Tensors.scalar(result, 0);
            }
        }
    }

    @Test
    void withoutTiesItIsTheTripletLoss() {
        assertThat(loss(0, 0)).isCloseTo(TRIPLETS, within(1e-6));
    }

    @Test
    void theBaseAddsTheWeightedMeanOfSquaredDistances() {
        assertThat(loss(2, 0)).isCloseTo(TRIPLETS + 2 * TO_BASE, within(1e-6));
    }

    @Test
    void theTeacherAddsTheMeanOfSquaredDifferencesOfCosines() {
        assertThat(loss(0, 3)).isCloseTo(TRIPLETS + 3 * TO_TEACHER, within(1e-6));
    }

    @Test
    void baseAndTeacherAddUp() {
        assertThat(loss(1, 30)).isCloseTo(TRIPLETS + TO_BASE + 30 * TO_TEACHER, within(1e-5));
    }
}
