package io.facestream.networks.conversion;

import io.facestream.networks.conversion.OnnxFile.Operator;
import io.facestream.networks.conversion.OnnxFile.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.GraphDef;

/**
 * The network of {@code faceplugin-face-recognition-js} that tells faces from pictures of faces, a MiniFASNet, as a
 * TensorFlow graph.
 *
 * <p>It takes {@code uint8 [n, 128, 128, 3]}, RGB, a face with much of what is around it, and yields {@code classes [n,
 * 3]}: the probabilities that the face is live, or of one of two kinds of pictures.
 *
 * <p>The original expects BGR, 0 to 255. The package feeds it RGB. The batch normalisation before the last layer is
 * multiplied into the matrix before it.
 */
final class LivenessGraph {
    private static final int SIDE = 128;
    /** Of the last feature map. */
    private static final int FEATURES = 512;

    private static final double EPSILON = 1e-5;

    /** They only flatten the last feature map. */
    private static final Set<String> SHAPES = Set.of("Shape", "Gather", "Unsqueeze", "Concat");

    private final OnnxFile file;
    private final GraphBuilder graph = new GraphBuilder();
    private final OnnxLayers layers;

    /** The nodes that yield the file's tensors. */
    private final Map<String, String> nodes = new HashMap<>();

    private LivenessGraph(OnnxFile file) {
        this.file = file;
        this.layers = new OnnxLayers(file, graph);
    }

    static GraphDef convert(OnnxFile file, String input) {
        LivenessGraph liveness = new LivenessGraph(file);
        liveness.nodes.put("input", liveness.graph.addInput(input, SIDE, SIDE));
        String last = null;
        for (Operator operator : file.operators()) {
            if (!SHAPES.contains(operator.kind())) {
                last = liveness.convert("layer" + liveness.nodes.size(), operator);
                liveness.nodes.put(operator.output(), last);
            }
        }
        liveness.graph.add("classes", "Softmax", last);
        return liveness.graph.build();
    }

    private String convert(String name, Operator operator) {
        String input = nodes.get(operator.inputs().get(0));
        return switch (operator.kind()) {
            case "Conv" ->
                operator.inputs().get(0).equals("input")
                        ? layers.convolve(name, operator, input, layers.ofBytes(operator, 1), layers.bias(operator))
                        : layers.add(name, operator, nodes);
            case "Reshape" -> graph.addReshape(name, input, -1, FEATURES);
            case "MatMul" -> multiply(name, operator, input);
            case "BatchNormalization" -> input;
            default -> layers.add(name, operator, nodes);
        };
    }

    /** The first matrix is normalised, the second is not. */
    private String multiply(String name, Operator operator, String input) {
        Tensor matrix = file.tensor(operator.inputs().get(1));
        if (matrix.shape().get(0) == FEATURES) {
            return normalise(name, matrix, input);
        }
        graph.addConstant(name + "/weights", matrix.shape(), matrix.values());
        return graph.add(name, "MatMul", input, name + "/weights");
    }

    private String normalise(String name, Tensor matrix, String input) {
        float[] gamma = file.tensor("bn.weight").values();
        float[] beta = file.tensor("bn.bias").values();
        float[] mean = file.tensor("bn.running_mean").values();
        float[] variance = file.tensor("bn.running_var").values();
        float[] values = matrix.values().clone();
        float[] bias = new float[beta.length];
        for (int channel = 0; channel < bias.length; channel++) {
            double factor = gamma[channel] / Math.sqrt(variance[channel] + EPSILON);
            bias[channel] = (float) (beta[channel] - mean[channel] * factor);
            for (int i = channel; i < values.length; i += bias.length) {
                values[i] = (float) (values[i] * factor);
            }
        }
        graph.addConstant(name + "/weights", matrix.shape(), values);
        graph.addConstant(name + "/bias", List.of(bias.length), bias);
        graph.add(name + "/product", "MatMul", input, name + "/weights");
        return graph.add(name, "BiasAdd", name + "/product", name + "/bias");
    }
}
