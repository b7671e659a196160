package io.facestream.networks.conversion;

import static io.facestream.networks.conversion.GraphBuilder.FLOAT;
import static io.facestream.networks.conversion.GraphBuilder.count;
import static io.facestream.networks.conversion.GraphBuilder.ints;
import static io.facestream.networks.conversion.GraphBuilder.padding;

import io.facestream.networks.conversion.FaceApiWeights.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.GraphDef;

/**
 * The face detector of face-api, a single-shot detector (Liu et al., "SSD: Single Shot MultiBox Detector", ECCV 2016)
 * on MobileNet (Howard et al. 2017), as a TensorFlow graph.
 *
 * <p>It takes {@code uint8 [n, 512, 512, 3]}, RGB, and yields, for each of 5,118 boxes laid over the picture in
 * advance, {@code scores [n, 5118]}, the probability that it holds a face, and {@code boxes [n, 5118, 4]}, the face's
 * top, left, bottom and right edge as fractions of 512 pixels. Layers and constants are those of the package's {@code
 * src/ssdMobilenetv1}.
 *
 * <p>Batch normalisation, which face-api leaves beside the depthwise convolutions, is multiplied into their filters.
 * Of the three classes that the network tells apart (nothing, face, a third that face-api ignores) only the face is
 * computed.
 */
final class SsdGraph {
    private static final int SIDE = 512;

    /** face-api's {@code epsilon}, beside the variance. */
    private static final double EPSILON = 0.0010000000474974513;

    /** MobileNet's layers that halve height and width. */
    private static final Set<Integer> HALVING = Set.of(2, 4, 6, 12);

    private static final int FACE = 1;
    private static final int CLASSES = 3;

    /** Pixels between the places where the first of the six layers looks. */
    private static final int FINEST_STRIDE = 16;

    private final FaceApiWeights weights;
    private final GraphBuilder graph = new GraphBuilder();
    private final List<String> encodings = new ArrayList<>();
    private final List<String> logits = new ArrayList<>();

    private SsdGraph(FaceApiWeights weights) {
        this.weights = weights;
    }

    static GraphDef convert(FaceApiWeights weights, String input) {
        SsdGraph ssd = new SsdGraph(weights);
        ssd.predict(ssd.normalise(input));
        ssd.decode();
        return ssd.graph.build();
    }

    /** x / 127.5 - 1. */
    private String normalise(String input) {
        String pixels = graph.addInput(input, SIDE, SIDE);
        graph.addConstant("normalise/factor", List.of(), 1 / 127.5f);
        graph.addConstant("normalise/one", List.of(), 1);
        graph.add("normalise/scaled", "Mul", pixels, "normalise/factor");
        return graph.add("normalise/centred", "Sub", "normalise/scaled", "normalise/one");
    }

    /** Boxes come from six layers, each half the size of the one before. */
    private void predict(String pixels) {
        String x = convolution("MobilenetV1/Conv2d_0_pointwise", pixels, 2);
        for (int i = 1; i <= 13; i++) {
            x = depthwise("MobilenetV1/Conv2d_" + i + "_depthwise", x, HALVING.contains(i) ? 2 : 1);
            x = convolution("MobilenetV1/Conv2d_" + i + "_pointwise", x, 1);
            if (i == 11) {
                predictBoxes(0, x);
            }
        }
        predictBoxes(1, x);
        for (int i = 2; i <= 5; i++) {
            x = convolution("Prediction/Conv2d_" + (2 * i - 4) + "_pointwise", x, 1);
            x = convolution("Prediction/Conv2d_" + (2 * i - 3) + "_pointwise", x, 2);
            predictBoxes(i, x);
        }
    }

    private String convolution(String layer, String input, int stride) {
        String filters = constant(layer + "/weights");
        graph.add(layer + "/product", "Conv2D", List.of(input, filters), window(stride));
        return rectify(layer, weights.values(layer + "/convolution_bn_offset"));
    }

    private String depthwise(String layer, String input, int stride) {
        String norm = layer + "/BatchNorm/";
        float[] gamma = weights.values(norm + "gamma");
        float[] beta = weights.values(norm + "beta");
        float[] mean = weights.values(norm + "moving_mean");
        float[] variance = weights.values(norm + "moving_variance");
        Tensor original = weights.tensor(layer + "/depthwise_weights");
        float[] filters = original.values().clone();
        float[] bias = new float[beta.length];
        for (int channel = 0; channel < beta.length; channel++) {
            double factor = gamma[channel] / Math.sqrt(variance[channel] + EPSILON);
            bias[channel] = (float) (beta[channel] - mean[channel] * factor);
            for (int i = channel; i < filters.length; i += beta.length) {
                filters[i] = (float) (filters[i] * factor);
            }
        }
        graph.addConstant(layer + "/weights", original.shape(), filters);
        graph.add(layer + "/product", "DepthwiseConv2dNative", List.of(input, layer + "/weights"), window(stride));
        return rectify(layer, bias);
    }

    private String rectify(String layer, float[] bias) {
        return graph.add(layer + "/relu6", "Relu6", addBias(layer, bias));
    }

    private String addBias(String layer, float[] bias) {
        graph.addConstant(layer + "/bias", List.of(bias.length), bias);
        return graph.add(layer + "/biased", "BiasAdd", layer + "/product", layer + "/bias");
    }

    /** What boxes the {@code i}th of the six layers holds: per place 3 or 6 of different shapes. */
    private void predictBoxes(int i, String features) {
        int side = SIDE / (FINEST_STRIDE << i);

        String score = "Prediction/BoxPredictor_" + i + "/ClassPredictor";
        float[] bias = ofFace(weights.values(score + "/biases"));
        int boxes = side * side * bias.length;
        Tensor filters = weights.tensor(score + "/weights");
        List<Integer> shape = List.of(1, 1, filters.shape().get(2), bias.length);
        graph.addConstant(score + "/weights", shape, ofFace(filters.values()));
        graph.add(score + "/product", "Conv2D", List.of(features, score + "/weights"), window(1));
        logits.add(graph.addReshape(score + "/list", addBias(score, bias), -1, boxes));

        String encoding = "Prediction/BoxPredictor_" + i + "/BoxEncodingPredictor";
        graph.add(encoding + "/product", "Conv2D", List.of(features, constant(encoding + "/weights")), window(1));
        String encoded = addBias(encoding, weights.values(encoding + "/biases"));
        encodings.add(graph.addReshape(encoding + "/list", encoded, -1, boxes, 4));
    }

    /** Of values for each class, one after another, those of the faces. */
    private static float[] ofFace(float[] values) {
        float[] ofFace = new float[values.length / CLASSES];
        for (int i = 0; i < ofFace.length; i++) {
            ofFace[i] = values[CLASSES * i + FACE];
        }
        return ofFace;
    }

    /**
     * A face's centre lies encoding / 10 of the prior box's height and width away from the prior's centre, and its
     * height and width are exp(encoding / 5) times the prior's: face-api's {@code outputLayer}. Vertical comes first
     * everywhere.
     */
    private void decode() {
        float[] priors = weights.values("Output/extra_dim");
        int count = priors.length / 4;
        float[] centres = new float[2 * count];
        float[] tenthSizes = new float[2 * count];
        float[] halfSizes = new float[2 * count];
        for (int i = 0; i < centres.length; i++) {
            float start = priors[i / 2 * 4 + i % 2];
            float end = priors[i / 2 * 4 + i % 2 + 2];
            centres[i] = (start + end) / 2;
            tenthSizes[i] = (end - start) / 10;
            halfSizes[i] = (end - start) / 2;
        }
        graph.addConstant("priors/centres", List.of(count, 2), centres);
        graph.addConstant("priors/tenth_sizes", List.of(count, 2), tenthSizes);
        graph.addConstant("priors/half_sizes", List.of(count, 2), halfSizes);
        graph.addConstant("decode/fifth", List.of(), 0.2f);

        String encoding = concatenate("decode/encoding", 1, encodings);
        graph.add(
                "decode/parts",
                "Split",
                List.of(graph.addAxis("decode/last_axis", 2), encoding),
                Map.of("T", FLOAT, "num_split", count(2)));
        graph.add("decode/shift", "Mul", "decode/parts", "priors/tenth_sizes");
        graph.add("decode/centre", "AddV2", "decode/shift", "priors/centres");
        graph.add("decode/growth", "Mul", "decode/parts:1", "decode/fifth");
        graph.add("decode/factor", "Exp", "decode/growth");
        graph.add("decode/half_size", "Mul", "decode/factor", "priors/half_sizes");
        graph.add("decode/start", "Sub", "decode/centre", "decode/half_size");
        graph.add("decode/end", "AddV2", "decode/centre", "decode/half_size");
        concatenate("boxes", 2, List.of("decode/start", "decode/end"));
        graph.add("scores", "Sigmoid", concatenate("decode/logits", 1, logits));
    }

    private String concatenate(String name, int axis, List<String> parts) {
        List<String> inputs = new ArrayList<>(parts);
        inputs.add(graph.addAxis(name + "/axis", axis));
        return graph.add(name, "ConcatV2", inputs, Map.of("T", FLOAT, "N", count(parts.size())));
    }

    private String constant(String name) {
        Tensor tensor = weights.tensor(name);
        return graph.addConstant(name, tensor.shape(), tensor.values());
    }

    private static Map<String, AttrValue> window(int stride) {
        return Map.of("T", FLOAT, "strides", ints(1, stride, stride, 1), "padding", padding(true));
    }
}
