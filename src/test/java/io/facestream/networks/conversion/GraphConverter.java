package io.facestream.networks.conversion;

import static io.facestream.networks.conversion.GraphBuilder.FLOAT;
import static io.facestream.networks.conversion.GraphBuilder.ints;
import static io.facestream.networks.conversion.GraphBuilder.padding;

import io.facestream.networks.conversion.TfliteFile.Kind;
import io.facestream.networks.conversion.TfliteFile.Operator;
import io.facestream.networks.conversion.TfliteFile.Options;
import io.facestream.networks.conversion.TfliteFile.Tensor;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.GraphDef;

/**
 * Rewrites a network from TensorFlow Lite's operators into a TensorFlow graph whose weights are constants.
 *
 * <p>The graph takes {@code uint8 [n, height, width, 3]}, RGB, and normalises it itself: (x - 127.5) / 128. Constants
 * are named after their layer: {@code LAYER/weights} (convolutions [height, width, in, out], depthwise ones [height,
 * width, in, 1], fully connected layers [in, out]), {@code LAYER/bias} [out] and {@code LAYER/slope} [out].
 *
 * <p>Three things are not as in the file, and none changes what the network computes:
 *
 * <ul>
 *   <li>A parametric rectifier, written out in the file over five or six operators, becomes max(x, slope * x), which
 *       is the same for slopes up to 1. A channel with a steeper slope is negated: max(-x, -slope * x) is the
 *       rectifier's negative there, so the filter before it and the one after it change their signs for that channel.
 *       Only where a pool stands in between is the layer written x + (slope - 1) * min(x, 0).
 *   <li>The softmax, written out over five operators, becomes one.
 *   <li>With {@code transposed}, the network expects x and y exchanged (as the MTCNN files do). Height and width of
 *       every filter, and of the feature map that a fully connected layer flattens, are exchanged instead. </ul>
 */
final class GraphConverter {
    private final TfliteFile file;
    private final boolean transposed;
    private final GraphBuilder graph = new GraphBuilder();
    private final Map<Integer, Activation> converted = new HashMap<>();

    /**
     * A node's output.
     *
     * @param signs per channel, 1 or -1 where the node yields the negative of what the file computes; null where all
     *     are 1
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Activation(String node, float[] signs) {
        boolean negatesSome() {
            for (int i = 0; signs != null && i < signs.length; i++) {
                if (signs[i] < 0) {
                    return true;
                }
            }
            return false;
        }
    }

    /**
     * A parametric rectifier found in the file.
     *
     * @param input the tensor it is applied to
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Rectifier(int input, float[] slopes) {}

    private GraphConverter(TfliteFile file, boolean transposed) {
        this.file = file;
        this.transposed = transposed;
    }

    /**
     * Converts the part of {@code file} that {@code outputs} need.
     *
     * @param height of the input, or -1 for any
     * @param width of the input, or -1 for any
     * @param outputs names in the file to names in the graph, in which the graph's outputs are called {@code NAME:0}
     */
    static GraphDef convert(
            TfliteFile file, boolean transposed, String input, int height, int width, Map<String, String> outputs) {
        GraphConverter converter = new GraphConverter(file, transposed);
        converter.addInput(input, height, width);
        outputs.forEach((inFile, inGraph) -> {
            String output = converter.node(file.output(inFile).index());
            converter.graph.add(inGraph, "Identity", output);
        });
        return converter.graph.build();
    }

    private void addInput(String name, int height, int width) {
        String pixels = graph.addInput(name, height, width);
        graph.addConstant("normalise/mean", List.of(), 127.5f);
        graph.addConstant("normalise/factor", List.of(), 1 / 128f);
        graph.add("normalise/centred", "Sub", pixels, "normalise/mean");
        graph.add("normalise/scaled", "Mul", "normalise/centred", "normalise/factor");
        converted.put(file.input().index(), new Activation("normalise/scaled", null));
    }

    private Activation convert(int tensor) {
        Activation done = converted.get(tensor);
        if (done == null) {
            done = convert(file.producer(tensor));
            converted.put(tensor, done);
        }
        return done;
    }

    /** The node that yields a tensor, for a consumer that cannot undo negated channels. */
    private String node(int tensor) {
        Activation activation = convert(tensor);
        if (activation.negatesSome()) {
            throw new IllegalStateException(file.tensor(tensor) + " is needed as it is, but was negated in part");
        }
        return activation.node();
    }

    private Activation convert(Operator operator) {
        return switch (operator.kind()) {
            case CONV_2D, DEPTHWISE_CONV_2D, FULLY_CONNECTED -> weighted(operator, null);
            case MAX_POOL_2D -> pool(operator);
            case ADD ->
                rectifier(operator).map(rectifier -> rectify(rectifier, false)).orElseGet(() -> sum(operator));
            case DIV -> softmax(operator);
            case RESHAPE -> reshape(operator);
            default -> throw new IllegalArgumentException(operator + " stands alone");
        };
    }

    /**
     * A layer with weights: filters convolved with, or a matrix multiplied by, its input; plus a bias.
     *
     * @param outputSigns 1, or -1 to negate what the layer yields, per channel; null for all 1
     */
    private Activation weighted(Operator operator, float[] outputSigns) {
        Activation input = convertBeforeWeights(operator.input(0));
        String layer = layer(operator.output());
        Weights weights = Weights.of(operator, file.tensor(operator.input(1)));
        if (transposed) {
            weights = operator.kind() == Kind.FULLY_CONNECTED
                    ? weights.withFlattenedAxesExchanged(
                            file.tensor(operator.input(0)).shape())
                    : weights.withAxesExchanged();
        }
        weights = weights.signed(input.signs(), outputSigns);
        graph.addConstant(layer + "/weights", weights.shape(), weights.values());
        float[] bias = floats(file.tensor(operator.input(2)));
        graph.addConstant(layer + "/bias", List.of(bias.length), times(bias, outputSigns));

        boolean flatten = operator.kind() == Kind.FULLY_CONNECTED
                && file.tensor(operator.input(0)).shape().size() > 2;
        String source = flatten ? graph.addReshape(layer + "/flat", input.node(), -1, weights.in()) : input.node();
        List<String> inputs = List.of(source, layer + "/weights");
        switch (operator.kind()) {
            case CONV_2D -> graph.add(layer + "/product", "Conv2D", inputs, windowAttributes(operator.options()));
            case DEPTHWISE_CONV_2D ->
                graph.add(layer + "/product", "DepthwiseConv2dNative", inputs, windowAttributes(operator.options()));
            default -> graph.add(layer + "/product", "MatMul", inputs, Map.of("T", FLOAT));
        }
        graph.add(layer + "/biased", "BiasAdd", layer + "/product", layer + "/bias");
        return new Activation(layer + "/biased", outputSigns);
    }

    /** The input of a layer with weights, which can undo negated channels. */
    private Activation convertBeforeWeights(int tensor) {
        if (!converted.containsKey(tensor) && file.producer(tensor).kind() == Kind.ADD) {
            rectifier(file.producer(tensor)).ifPresent(rectifier -> converted.put(tensor, rectify(rectifier, true)));
        }
        return convert(tensor);
    }

    private Activation rectify(Rectifier rectifier, boolean mayNegate) {
        Operator before = file.producer(rectifier.input());
        float[] slopes = rectifier.slopes();
        String layer = layer(before.output());
        if (mayNegate || allUpToOne(slopes)) {
            Activation x = weighted(before, signsFor(slopes));
            graph.addConstant(layer + "/slope", List.of(slopes.length), slopes);
            graph.add(layer + "/scaled", "Mul", x.node(), layer + "/slope");
            graph.add(layer + "/prelu", "Maximum", x.node(), layer + "/scaled");
            return new Activation(layer + "/prelu", x.signs());
        }
        Activation x = weighted(before, null);
        float[] slopesMinusOne = new float[slopes.length];
        for (int i = 0; i < slopes.length; i++) {
            slopesMinusOne[i] = slopes[i] - 1;
        }
        graph.addConstant(layer + "/slope_minus_one", List.of(slopes.length), slopesMinusOne);
        graph.addConstant(layer + "/zero", List.of(), 0);
        graph.add(layer + "/negative", "Minimum", x.node(), layer + "/zero");
        graph.add(layer + "/scaled", "Mul", layer + "/negative", layer + "/slope_minus_one");
        graph.add(layer + "/prelu", "AddV2", x.node(), layer + "/scaled");
        return new Activation(layer + "/prelu", null);
    }

    /**
     * The rectifier that {@code add} completes, if it does: relu(x) + c * (x - |x|), whose slope is 2c, or relu(x) +
     * a * -relu(-x), whose slope is a.
     */
    private Optional<Rectifier> rectifier(Operator add) {
        if (file.tensor(add.input(1)).isConstant()) {
            return Optional.empty();
        }
        Operator relu = file.producer(add.input(0));
        Operator scaled = file.producer(add.input(1));
        if (relu.kind() != Kind.RELU || scaled.kind() != Kind.MUL) {
            return Optional.empty();
        }
        int x = relu.input(0);
        float[] factors = floats(file.tensor(scaled.input(0)));
        Operator negativePart = file.producer(scaled.input(1));
        if (negativePart.kind() == Kind.SUB
                && negativePart.input(0) == x
                && isUnary(Kind.ABS, negativePart.input(1), x)) {
            for (int i = 0; i < factors.length; i++) {
                factors[i] *= 2;
            }
            return Optional.of(new Rectifier(x, factors));
        }
        if (negativePart.kind() == Kind.NEG) {
            Operator reluOfNegative = file.producer(negativePart.input(0));
            if (reluOfNegative.kind() == Kind.RELU && isUnary(Kind.NEG, reluOfNegative.input(0), x)) {
                return Optional.of(new Rectifier(x, factors));
            }
        }
        return Optional.empty();
    }

    private boolean isUnary(Kind kind, int tensor, int operand) {
        Operator operator = file.producer(tensor);
        return operator.kind() == kind && operator.input(0) == operand;
    }

    private Activation pool(Operator operator) {
        String name = layer(operator.output());
        Options options = operator.options();
        graph.add(
                name,
                "MaxPool",
                List.of(node(operator.input(0))),
                Map.of(
                        "T", FLOAT,
                        "ksize", ints(1, options.filterHeight(), options.filterWidth(), 1),
                        "strides", ints(1, options.strideHeight(), options.strideWidth(), 1),
                        "padding", padding(options.samePadding())));
        return new Activation(name, null);
    }

    private Activation sum(Operator operator) {
        String name = layer(operator.output());
        List<String> inputs = List.of(node(operator.input(0)), node(operator.input(1)));
        graph.add(name, "AddV2", inputs, Map.of("T", FLOAT));
        return new Activation(name, null);
    }

    /** exp(x - max(x)) / sum(exp(x - max(x))) over the channels. */
    private Activation softmax(Operator divide) {
        Operator exp = file.producer(divide.input(0));
        Operator sum = file.producer(divide.input(1));
        Operator centred = file.producer(exp.input(0));
        if (exp.kind() != Kind.EXP
                || sum.kind() != Kind.SUM
                || sum.input(0) != exp.output()
                || centred.kind() != Kind.SUB
                || !isUnary(Kind.REDUCE_MAX, centred.input(1), centred.input(0))) {
            throw new IllegalArgumentException(divide + " is not the end of a softmax");
        }
        String name = layer(divide.output());
        graph.add(name, "Softmax", List.of(node(centred.input(0))), Map.of("T", FLOAT));
        return new Activation(name, null);
    }

    /** The only reshaping there is drops axes of size 1. */
    private Activation reshape(Operator operator) {
        List<Integer> shape = file.tensor(operator.output()).shape();
        String name = layer(operator.output());
        return new Activation(graph.addReshape(name, node(operator.input(0)), -1, shape.get(shape.size() - 1)), null);
    }

    private Map<String, AttrValue> windowAttributes(Options options) {
        return Map.of(
                "T", FLOAT,
                "strides", ints(1, options.strideHeight(), options.strideWidth(), 1),
                "padding", padding(options.samePadding()));
    }

    /**
     * The layer that computes a tensor, from the name the tensor has in the file: without the network's own name and
     * without the operation's, for example {@code Conv2d_4_InvResBlock_0/Conv} or {@code conv5-2}.
     */
    private String layer(int tensor) {
        return file.tensor(tensor)
                .name()
                .replaceFirst("^(MobileFaceNet/)+|^[pro]net/", "")
                .replaceFirst("/(BatchNorm/FusedBatchNorm|BiasAdd)$", "")
                .replaceFirst("^([^/]+)/\\1$", "$1");
    }

    private static boolean allUpToOne(float[] slopes) {
        for (float slope : slopes) {
            if (slope > 1) {
                return false;
            }
        }
        return true;
    }

    private static float[] signsFor(float[] slopes) {
        float[] signs = new float[slopes.length];
        for (int i = 0; i < slopes.length; i++) {
            signs[i] = slopes[i] > 1 ? -1 : 1;
        }
        return signs;
    }

    private static float[] times(float[] values, float[] signs) {
        if (signs == null) {
            return values;
        }
        float[] products = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            products[i] = values[i] * signs[i];
        }
        return products;
    }

    private static float[] floats(Tensor constant) {
        FloatBuffer buffer = constant.floats();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    /**
     * Weights in TensorFlow's order of axes: always [height, width, in, out], of which depthwise filters have out = 1
     * and fully connected layers have height = width = 1 and leave those axes out of {@link #shape}.
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Weights(Kind kind, int height, int width, int in, int out, float[] values) {
        /** Reads filters [out, height, width, in], depthwise filters [1, height, width, in], or a matrix [out, in]. */
        static Weights of(Operator operator, Tensor tensor) {
            List<Integer> shape = tensor.shape();
            boolean matrix = operator.kind() == Kind.FULLY_CONNECTED;
            int height = matrix ? 1 : shape.get(1);
            int width = matrix ? 1 : shape.get(2);
            int in = shape.get(shape.size() - 1);
            int out = shape.get(0);
            float[] source = floats(tensor);
            float[] values = new float[source.length];
            for (int o = 0; o < out; o++) {
                for (int i = 0; i < height * width * in; i++) {
                    values[i * out + o] = source[o * height * width * in + i];
                }
            }
            return new Weights(operator.kind(), height, width, in, out, values);
        }

        List<Integer> shape() {
            return kind == Kind.FULLY_CONNECTED ? List.of(in, out) : List.of(height, width, in, out);
        }

        Weights withAxesExchanged() {
            return new Weights(
                    kind, /* height= */ width, /* width= */ height, in, out, exchanged(height, width, in * out));
        }

        /** Exchanges height and width of the feature map [1, height, width, channels] whose values the inputs are. */
        Weights withFlattenedAxesExchanged(List<Integer> featureMap) {
            if (featureMap.size() != 4) {
                return this;
            }
            float[] exchanged = exchanged(featureMap.get(1), featureMap.get(2), featureMap.get(3) * out);
            return new Weights(kind, height, width, in, out, exchanged);
        }

        private float[] exchanged(int rows, int columns, int run) {
            float[] exchanged = new float[values.length];
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    System.arraycopy(
                            values, (row * columns + column) * run, exchanged, (column * rows + row) * run, run);
                }
            }
            return exchanged;
        }

        /**
         * The weights that expect the inputs and yield the outputs negated where the signs say so. The inputs of a
         * fully connected layer are a flattened feature map, whose last axis is the channels.
         */
        Weights signed(float[] inputSigns, float[] outputSigns) {
            boolean depthwise = kind == Kind.DEPTHWISE_CONV_2D;
            float[] signed = values.clone();
            for (int i = 0; i < signed.length; i++) {
                int input = i / out % in;
                int output = depthwise ? input : i % out;
                signed[i] *= inputSigns == null ? 1 : inputSigns[input % inputSigns.length];
                signed[i] *= outputSigns == null ? 1 : outputSigns[output];
            }
            return new Weights(kind, height, width, in, out, signed);
        }
    }
}
