package io.facestream.training.network;

import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * What a step makes smaller, of the unit vectors f(x) of a batch:
 *
 * <pre>
 *  triplets + lambda |f(x) - f_base(clean x)|^2 + mu (f(x) f(y) - t(clean x) t(clean y))^2
 * </pre>
 *
 * The last term is the mean over all pairs of different places in the batch, with the unit vectors t of a teacher (Park
 * et al., "Relational Knowledge Distillation", CVPR 2019, with cosines instead of distances). The teacher may have
 * other dimensions.
 */
public final class TrainingLoss {
    /**
     * The terms and their weights.
     *
     * @param margin of triplets
     * @param base lambda; 0 leaves the term out
     * @param teacher mu; 0 leaves the term out
     */
    public record Weights(Mining mining, double margin, double base, double teacher) {}

    private final Operand<TInt32> people;
    private final Operand<TFloat32> targets;
    private final Operand<TFloat32> targetWeights;
    private final Operand<TFloat32> teacher;
    private final TripletLoss triplets;
    private final Operand<TFloat32> sum;

    /** @param unitVectors {@code [n, dimensions]} */
    TrainingLoss(Ops tf, Weights weights, Operand<TFloat32> unitVectors) {
        people = tf.placeholder(TInt32.class);
        targets = tf.placeholder(TFloat32.class);
        targetWeights = tf.placeholder(TFloat32.class);
        teacher = tf.placeholder(TFloat32.class);
        triplets = TripletLoss.of(tf, weights.mining(), (float) weights.margin(), unitVectors, people);
        Operand<TFloat32> terms = tf.identity(triplets.loss()); // results are fetched by name, each once
        if (weights.base() > 0) {
            terms = tf.math.add(
                    terms, tf.math.mul(tf.constant((float) weights.base()), distanceToTargets(tf, unitVectors)));
        }
        if (weights.teacher() > 0) {
            terms = tf.math.add(
                    terms, tf.math.mul(tf.constant((float) weights.teacher()), distanceToTeacher(tf, unitVectors)));
        }
        sum = terms;
    }

    private Operand<TFloat32> distanceToTargets(Ops tf, Operand<TFloat32> unitVectors) {
        Operand<TFloat32> squared = tf.reduceSum(tf.math.square(tf.math.sub(unitVectors, targets)), tf.constant(1));
        return tf.math.mean(tf.math.mul(squared, targetWeights), tf.constant(0));
    }

    /** A photo's cosine with itself is 1 under both, and counts for nothing. */
    private Operand<TFloat32> distanceToTeacher(Ops tf, Operand<TFloat32> unitVectors) {
        Operand<TFloat32> differences = tf.math.sub(cosines(tf, unitVectors), cosines(tf, teacher));
        Operand<TFloat32> squares = tf.reshape(tf.math.square(differences), tf.constant(new int[] {-1}));
        Operand<TFloat32> photos = tf.dtypes.cast(tf.size(people), TFloat32.class);
        Operand<TFloat32> pairs = tf.math.mul(photos, tf.math.sub(photos, tf.constant(1f)));
        return tf.math.div(tf.reduceSum(squares, tf.constant(0), ReduceSum.keepDims(false)), pairs);
    }

    private static Operand<TFloat32> cosines(Ops tf, Operand<TFloat32> unitVectors) {
        return tf.linalg.matMul(unitVectors, unitVectors, MatMul.transposeB(true));
    }

    /** Scalar. */
    Operand<TFloat32> sum() {
        return sum;
    }

    TripletLoss triplets() {
        return triplets;
    }

    /** Runs a step with what is known of a batch. */
    Result run(Session.Runner runner, TrainingBatch batch) {
        try (TInt32 labels = TInt32.vectorOf(batch.people());
                TFloat32 target = Tensors.matrix(batch.targets());
                TFloat32 targetWeight = TFloat32.vectorOf(batch.targetWeights());
                TFloat32 teacherVectors = Tensors.matrix(batch.teacher())) {
            return runner.feed(people, labels)
                    .feed(targets, target)
                    .feed(targetWeights, targetWeight)
                    .feed(teacher, teacherVectors)
                    .run();
        }
    }
}
