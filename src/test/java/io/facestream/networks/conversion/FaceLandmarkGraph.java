package io.facestream.networks.conversion;

import static io.facestream.networks.conversion.GraphBuilder.FLOAT;
import static io.facestream.networks.conversion.GraphBuilder.ints;
import static io.facestream.networks.conversion.GraphBuilder.padding;

import io.facestream.networks.conversion.FaceApiWeights.Tensor;
import java.util.List;
import java.util.Map;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.GraphDef;

/**
 * The landmark network of face-api as a TensorFlow graph: four blocks of four convolutions each of which adds to the
 * sum of those before it, then a fully connected layer.
 *
 * <p>It takes a face as {@code uint8 [n, 112, 112, 3]}, RGB, and yields {@code landmarks [n, 136]}: x and y of 68
 * points, in the order of the 300-W challenge (Sagonas et al. 2013), as fractions of 112 pixels. Layers and constants
 * are those of the package's {@code src/faceFeatureExtractor} and {@code src/faceProcessor}.
 */
final class FaceLandmarkGraph {
    private static final int SIDE = 112;
    private static final int CONVOLUTIONS = 4;

    private final FaceApiWeights weights;
    private final GraphBuilder graph = new GraphBuilder();

    private FaceLandmarkGraph(FaceApiWeights weights) {
        this.weights = weights;
    }

    static GraphDef convert(FaceApiWeights weights, String input) {
        FaceLandmarkGraph landmarks = new FaceLandmarkGraph(weights);
        String x = landmarks.normalise(input);
        for (int i = 0; i < 4; i++) {
            x = landmarks.denseBlock("dense" + i, x);
        }
        landmarks.connect(x);
        return landmarks.graph.build();
    }

    /** (x - mean of the training pictures' channel) / 255. */
    private String normalise(String input) {
        String pixels = graph.addInput(input, SIDE, SIDE);
        graph.addConstant("normalise/mean", List.of(3), 122.782f, 117.001f, 104.298f);
        graph.addConstant("normalise/factor", List.of(), 1 / 255f);
        graph.add("normalise/centred", "Sub", pixels, "normalise/mean");
        return graph.add("normalise/scaled", "Mul", "normalise/centred", "normalise/factor");
    }

    /** Halves height and width. */
    private String denseBlock(String block, String input) {
        String sum = convolution(block + "/conv0", input, 2);
        String x = graph.add(block + "/conv0/relu", "Relu", sum);
        sum = x;
        for (int i = 1; i < CONVOLUTIONS; i++) {
            String layer = block + "/conv" + i;
            sum = graph.add(layer + "/sum", "AddV2", sum, convolution(layer, x, 1));
            x = graph.add(layer + "/relu", "Relu", sum);
        }
        return x;
    }

    /** Depthwise, then pointwise; the very first one is neither. */
    private String convolution(String layer, String input, int stride) {
        if (weights.has(layer + "/filters")) {
            graph.add(layer + "/product", "Conv2D", List.of(input, constant(layer + "/filters")), window(stride));
        } else {
            String depthwise = constant(layer + "/depthwise_filter");
            graph.add(layer + "/depthwise", "DepthwiseConv2dNative", List.of(input, depthwise), window(stride));
            List<String> inputs = List.of(layer + "/depthwise", constant(layer + "/pointwise_filter"));
            graph.add(layer + "/product", "Conv2D", inputs, window(1));
        }
        return addBias(layer);
    }

    private void connect(String features) {
        graph.add(
                "pooled",
                "AvgPool",
                List.of(features),
                Map.of("T", FLOAT, "ksize", ints(1, 7, 7, 1), "strides", ints(1, 2, 2, 1), "padding", padding(false)));
        Tensor matrix = weights.tensor("fc/weights");
        String flat = graph.addReshape("fc/flat", "pooled", -1, matrix.shape().get(0));
        graph.add("fc/product", "MatMul", flat, constant("fc/weights"));
        graph.add("landmarks", "Identity", addBias("fc"));
    }

    private String addBias(String layer) {
        float[] bias = weights.values(layer + "/bias");
        graph.addConstant(layer + "/bias", List.of(bias.length), bias);
        return graph.add(layer + "/biased", "BiasAdd", layer + "/product", layer + "/bias");
    }

    private String constant(String name) {
        Tensor tensor = weights.tensor(name);
        return graph.addConstant(name, tensor.shape(), tensor.values());
    }

    private static Map<String, AttrValue> window(int stride) {
        return Map.of("T", FLOAT, "strides", ints(1, stride, stride, 1), "padding", padding(true));
    }
}
