package io.facestream.training.network;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceAny;
import org.tensorflow.op.core.ReduceMax;
import org.tensorflow.op.core.ReduceMin;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The triplet loss of a batch and its mining, as a graph. It is the mean of max(0, margin + d(anchor, positive) -
 * d(anchor, negative)) over the triplets that {@link Mining} picks, d being the squared Euclidean distance of unit
 * vectors (Schroff et al., "FaceNet: A Unified Embedding for Face Recognition and Clustering", CVPR 2015, equation 3).
 *
 * @param loss scalar
 * @param active scalar: share of the picked triplets whose loss is not zero
 */
record TripletLoss(Operand<TFloat32> loss, Operand<TFloat32> active) {
    /** More than any squared distance of unit vectors. */
    private static final float FAR = 8;

    /**
     * @param unitVectors {@code [n, dimensions]}
     * @param people {@code [n]}: equal numbers for photos of one person
     */
    static TripletLoss of(Ops tf, Mining mining, float margin, Operand<TFloat32> unitVectors, Operand<TInt32> people) {
        Distances distances = Distances.of(tf, unitVectors, people);
        return switch (mining) {
            case SEMI_HARD -> semiHard(tf, margin, distances);
            case BATCH_HARD -> batchHard(tf, margin, distances);
            case BATCH_ALL -> batchAll(tf, margin, distances);
        };
    }

    /**
     * The distances between all photos of a batch, and which pairs show the same person. All have the shape
     * {@code [n, n]}.
     *
     * @param positive whether two different photos show one person
     * @param negative whether two photos show two people
     */
    private record Distances(
            Operand<TInt32> count, Operand<TFloat32> squared, Operand<TBool> positive, Operand<TBool> negative) {
        static Distances of(Ops tf, Operand<TFloat32> unitVectors, Operand<TInt32> people) {
            Operand<TFloat32> products = tf.linalg.matMul(unitVectors, unitVectors, MatMul.transposeB(true));
            Operand<TFloat32> squared =
                    tf.nn.relu(tf.math.sub(tf.constant(2f), tf.math.mul(tf.constant(2f), products)));
            Operand<TBool> same =
                    tf.math.equal(tf.expandDims(people, tf.constant(1)), tf.expandDims(people, tf.constant(0)));
            Operand<TInt32> count = tf.size(people);
            Operand<TInt32> places = tf.range(tf.constant(0), count, tf.constant(1));
            Operand<TBool> different =
                    tf.math.notEqual(tf.expandDims(places, tf.constant(1)), tf.expandDims(places, tf.constant(0)));
            return new Distances(count, squared, tf.math.logicalAnd(same, different), tf.math.logicalNot(same));
        }
    }

    private static TripletLoss semiHard(Ops tf, float margin, Distances distances) {
        // axes: anchor, positive, negative
        Operand<TFloat32> ofPositive = tf.expandDims(distances.squared(), tf.constant(2));
        Operand<TFloat32> ofNegative = tf.expandDims(distances.squared(), tf.constant(1));
        Operand<TBool> farther = tf.math.logicalAnd(
                tf.expandDims(distances.negative(), tf.constant(1)), tf.math.greater(ofNegative, ofPositive));
        Operand<TInt32> nearestFarther =
                tf.math.argMin(tf.select(farther, ofNegative, tf.constant(FAR)), tf.constant(2), TInt32.class);
        Operand<TInt32> farthest = tf.math.argMax(
                tf.select(distances.negative(), distances.squared(), tf.constant(-1f)), tf.constant(1), TInt32.class);
        Operand<TInt32> negative = tf.select(
                tf.reduceAny(farther, tf.constant(2), ReduceAny.keepDims(false)),
                nearestFarther,
                tf.expandDims(farthest, tf.constant(1)));
        Operand<TFloat32> losses = tf.nn.relu(
                tf.math.add(tf.constant(margin), tf.math.sub(distances.squared(), pick(tf, distances, negative))));
        return mean(tf, losses, distances.positive());
    }

    /** For each photo i, the distance to photo {@code columns[i, j]}, for all j. */
    private static Operand<TFloat32> pick(Ops tf, Distances distances, Operand<TInt32> columns) {
        Operand<TInt32> rows = tf.range(tf.constant(0), distances.count(), tf.constant(1));
        Operand<TInt32> rowStarts = tf.math.mul(tf.expandDims(rows, tf.constant(1)), distances.count());
        Operand<TFloat32> flat = tf.reshape(distances.squared(), tf.constant(new int[] {-1}));
        return tf.gatherNd(flat, tf.expandDims(tf.math.add(rowStarts, columns), tf.constant(-1)));
    }

    /** The mean of losses where the mask is true, zeros included. */
    private static TripletLoss mean(Ops tf, Operand<TFloat32> losses, Operand<TBool> mask) {
        Operand<TFloat32> counted = tf.dtypes.cast(mask, TFloat32.class);
        Operand<TFloat32> count = tf.math.maximum(sum(tf, counted), tf.constant(1f));
        Operand<TFloat32> picked = tf.math.mul(losses, counted);
        return new TripletLoss(tf.math.div(sum(tf, picked), count), tf.math.div(sum(tf, positive(tf, picked)), count));
    }

    private static Operand<TFloat32> sum(Ops tf, Operand<TFloat32> values) {
        Operand<TFloat32> flat = tf.reshape(values, tf.constant(new int[] {-1}));
        return tf.reduceSum(flat, tf.constant(0), ReduceSum.keepDims(false));
    }

    /** 1 where a value is above zero, else 0. */
    private static Operand<TFloat32> positive(Ops tf, Operand<TFloat32> values) {
        return tf.dtypes.cast(tf.math.greater(values, tf.constant(0f)), TFloat32.class);
    }

    private static TripletLoss batchHard(Ops tf, float margin, Distances distances) {
        Operand<TFloat32> farthestPositive = tf.reduceMax(
                tf.select(distances.positive(), distances.squared(), tf.constant(-1f)),
                tf.constant(1),
                ReduceMax.keepDims(false));
        Operand<TFloat32> nearestNegative = tf.reduceMin(
                tf.select(distances.negative(), distances.squared(), tf.constant(FAR)),
                tf.constant(1),
                ReduceMin.keepDims(false));
        Operand<TFloat32> losses =
                tf.nn.relu(tf.math.add(tf.constant(margin), tf.math.sub(farthestPositive, nearestNegative)));
        Operand<TBool> anchors = tf.reduceAny(distances.positive(), tf.constant(1), ReduceAny.keepDims(false));
        return mean(tf, losses, anchors);
    }

    private static TripletLoss batchAll(Ops tf, float margin, Distances distances) {
        Operand<TFloat32> losses = tf.nn.relu(tf.math.add(
                tf.constant(margin),
                tf.math.sub(
                        tf.expandDims(distances.squared(), tf.constant(2)),
                        tf.expandDims(distances.squared(), tf.constant(1)))));
        Operand<TFloat32> triplets = tf.dtypes.cast(
                tf.math.logicalAnd(
                        tf.expandDims(distances.positive(), tf.constant(2)),
                        tf.expandDims(distances.negative(), tf.constant(1))),
                TFloat32.class);
        Operand<TFloat32> picked = tf.math.mul(losses, triplets);
        Operand<TFloat32> violated = sum(tf, positive(tf, picked));
        return new TripletLoss(
                tf.math.div(sum(tf, picked), tf.math.maximum(violated, tf.constant(1f))),
                tf.math.div(violated, tf.math.maximum(sum(tf, triplets), tf.constant(1f))));
    }
}
