package io.facestream.training.network;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/**
 * ResNet50 (He et al., "Deep Residual Learning for Image Recognition", CVPR 2016, table 1) for faces of 112x112, as in
 * FaceNet_TF-2.0: batch normalisation after each convolution, and a fully connected layer to the embedding instead of
 * the classes. That layer's output is batch-normalised too. Otherwise all faces would begin in one place, since pooled
 * values are positive, and triplets would take long to drive them apart.
 */
final class ResNet50 {
    /** Number of blocks in each of the four stages. */
    private static final int[] BLOCKS = {3, 4, 6, 3};

    private static final int FIRST_CHANNELS = 64;

    /** Channels that a block yields per channel of its inner filter. */
    private static final int EXPANSION = 4;

    private static final float EPSILON = 1.001e-5f;

    private final Ops tf;
    private final Random random;

    private ResNet50(Ops tf, Random random) {
        this.tf = tf;
        this.random = random;
    }

    /**
     * Draws filters as in He et al. ("Delving Deep into Rectifiers", ICCV 2015). The last factor of each block begins
     * at zero, so that blocks pass their input on unchanged at first (Goyal et al. 2017).
     */
    static NetworkGraph withRandomWeights(int dimensions, long seed) {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            new ResNet50(tf, new Random(seed)).build(dimensions);
            return new NetworkGraph(graph.toGraphDef());
        }
    }

    private void build(int dimensions) {
        Operand<TUint8> pixels = tf.withName(NetworkGraph.INPUT)
                .placeholder(
                        TUint8.class,
                        Placeholder.shape(Shape.of(-1, NetworkGraph.INPUT_SIDE, NetworkGraph.INPUT_SIDE, 3)));
        Operand<TFloat32> x = tf.math.mul(
                tf.math.sub(tf.dtypes.cast(pixels, TFloat32.class), tf.constant(127.5f)), tf.constant(1 / 128f));
        x = tf.nn.relu(normalised("conv1", convolution("conv1", x, 7, 2, 3, FIRST_CHANNELS), FIRST_CHANNELS, 1));
        x = tf.nn.maxPool(x, tf.constant(new int[] {1, 3, 3, 1}), tf.constant(new int[] {1, 2, 2, 1}), "SAME");
        int channels = FIRST_CHANNELS;
        for (int stage = 0; stage < BLOCKS.length; stage++) {
            int inner = FIRST_CHANNELS << stage;
            for (int block = 0; block < BLOCKS[stage]; block++) {
                int stride = stage > 0 && block == 0 ? 2 : 1;
                x = block("conv" + (stage + 2) + "_" + (block + 1), x, channels, inner, stride);
                channels = EXPANSION * inner;
            }
        }
        embedding(x, channels, dimensions);
    }

    private Operand<TFloat32> block(String name, Operand<TFloat32> x, int channels, int inner, int stride) {
        int outer = EXPANSION * inner;
        Operand<TFloat32> y = tf.nn.relu(unit(name + "_1", x, 1, stride, channels, inner, 1));
        y = tf.nn.relu(unit(name + "_2", y, 3, 1, inner, inner, 1));
        y = unit(name + "_3", y, 1, 1, inner, outer, 0);
        Operand<TFloat32> shortcut = channels == outer ? x : unit(name + "_0", x, 1, stride, channels, outer, 1);
        return tf.nn.relu(tf.math.add(shortcut, y));
    }

    private Operand<TFloat32> unit(
            String layer, Operand<TFloat32> x, int side, int stride, int in, int out, float gamma) {
        return normalised(layer, convolution(layer, x, side, stride, in, out), out, gamma);
    }

    private Operand<TFloat32> convolution(String layer, Operand<TFloat32> x, int side, int stride, int in, int out) {
        double deviation = Math.sqrt(2.0 / (side * side * in));
        Operand<TFloat32> filters = gaussian(layer, Shape.of(side, side, in, out), deviation);
        return tf.nn.conv2d(x, filters, List.of(1L, (long) stride, (long) stride, 1L), "SAME");
    }

    private Operand<TFloat32> normalised(String layer, Operand<TFloat32> x, int channels, float gamma) {
        return tf.nn.fusedBatchNorm(
                        x,
                        constant(layer, "gamma", channels, gamma),
                        constant(layer, "beta", channels, 0),
                        constant(layer, "moving_mean", channels, 0),
                        constant(layer, "moving_variance", channels, 1),
                        FusedBatchNorm.epsilon(EPSILON),
                        FusedBatchNorm.isTraining(false))
                .y();
    }

    private void embedding(Operand<TFloat32> x, int channels, int dimensions) {
        Operand<TFloat32> pooled = tf.math.mean(x, tf.constant(new int[] {1, 2}));
        Operand<TFloat32> matrix =
                gaussian("embedding_layer", Shape.of(channels, dimensions), Math.sqrt(1.0 / channels));
        Operand<TFloat32> product =
                tf.reshape(tf.linalg.matMul(pooled, matrix), tf.constant(new int[] {-1, 1, 1, dimensions}));
        Operand<TFloat32> normalised = normalised("embedding_layer", product, dimensions, 1);
        tf.withName(NetworkGraph.OUTPUT).reshape(normalised, tf.constant(new int[] {-1, dimensions}));
    }

    private Operand<TFloat32> gaussian(String layer, Shape shape, double deviation) {
        float[] values = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return tf.withSubScope(layer).withName("weights").constant(shape, DataBuffers.of(values, true, false));
    }

    private Operand<TFloat32> constant(String layer, String role, int size, float value) {
        float[] values = new float[size];
        Arrays.fill(values, value);
        return tf.withSubScope(layer).withName(role).constant(values);
    }
}
