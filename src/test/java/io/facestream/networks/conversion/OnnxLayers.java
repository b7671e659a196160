package io.facestream.networks.conversion;

import static io.facestream.networks.conversion.GraphBuilder.FLOAT;
import static io.facestream.networks.conversion.GraphBuilder.ints;
import static io.facestream.networks.conversion.GraphBuilder.padding;

import io.facestream.networks.conversion.OnnxFile.Operator;
import io.facestream.networks.conversion.OnnxFile.Tensor;
import java.util.List;
import java.util.Map;
import org.tensorflow.proto.AttrValue;

/** Writes layers of an ONNX file into a TensorFlow graph, which has the channels last. */
final class OnnxLayers {
    private final OnnxFile file;
    private final GraphBuilder graph;

    OnnxLayers(OnnxFile file, GraphBuilder graph) {
        this.file = file;
        this.graph = graph;
    }

    /**
     * Filters in TensorFlow's order of axes.
     *
     * @param in channels that each filter sees, 1 of a depthwise one
     * @param values {@code [height, width, in, out]}
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Filters(int height, int width, int in, int out, boolean depthwise, float[] values) {
        List<Integer> shape() {
            return depthwise ? List.of(height, width, out, 1) : List.of(height, width, in, out);
        }
    }

    /**
     * Adds an operator that convolutional networks of this family consist of.
     *
     * @param nodes the nodes that yield the file's tensors
     * @return the node that yields the operator's output
     */
    String add(String name, Operator operator, Map<String, String> nodes) {
        String input = nodes.get(operator.inputs().get(0));
        return switch (operator.kind()) {
            case "Conv" -> convolve(name, operator, input, filters(operator), bias(operator));
            case "PRelu" ->
                rectify(name, input, file.tensor(operator.inputs().get(1)).values());
            case "Relu", "Sigmoid" -> graph.add(name, operator.kind(), input);
            case "Add" ->
                graph.add(name, "AddV2", input, nodes.get(operator.inputs().get(1)));
            case "Mul" ->
                graph.add(name, "Mul", input, nodes.get(operator.inputs().get(1)));
            case "GlobalAveragePool" -> {
                String rows = graph.addReduction(name + "/rows", "Mean", input, graph.addAxis(name + "/height", 1));
                yield graph.addReduction(name, "Mean", rows, graph.addAxis(name + "/width", 2));
            }
            default -> throw new IllegalArgumentException(operator + " is not known");
        };
    }

    /** The first filters, for red first although the file has blue first, and with a division of the bytes done. */
    Filters ofBytes(Operator convolution, float divisor) {
        Filters filters = filters(convolution);
        float[] values = new float[filters.values().length];
        int out = filters.out();
        for (int i = 0; i < values.length; i++) {
            int channel = i / out % 3;
            values[i] = filters.values()[i + (2 - 2 * channel) * out] / divisor;
        }
        return new Filters(filters.height(), filters.width(), filters.in(), out, false, values);
    }

    Filters filters(Operator convolution) {
        Tensor filters = file.tensor(convolution.inputs().get(1));
        int out = filters.shape().get(0);
        int in = filters.shape().get(1);
        int height = filters.shape().get(2);
        int width = filters.shape().get(3);
        float[] values = new float[filters.values().length];
        for (int i = 0; i < values.length; i++) {
            int place = i % (height * width);
            int from = i / (height * width) % in;
            int to = i / (height * width * in);
            values[(place * in + from) * out + to] = filters.values()[i];
        }
        boolean depthwise = convolution.attribute("group").get(0) > 1;
        return new Filters(height, width, in, out, depthwise, values);
    }

    float[] bias(Operator convolution) {
        return file.tensor(convolution.inputs().get(2)).values();
    }

    /** Adds a convolution and its bias; returns the node that yields the sum. */
    String convolve(String name, Operator operator, String input, Filters filters, float[] bias) {
        graph.addConstant(name + "/weights", filters.shape(), filters.values());
        graph.addConstant(name + "/bias", List.of(bias.length), bias);
        List<Integer> pads = operator.attribute("pads");
        boolean same = operator.attribute("strides").get(0) == 1 && (pads.get(0) > 0 || filters.height() == 1);
        boolean pad = !same && pads.get(0) > 0;
        graph.add(
                name + "/product",
                filters.depthwise() ? "DepthwiseConv2dNative" : "Conv2D",
                List.of(pad ? pad(name, pads, input) : input, name + "/weights"),
                window(operator, same));
        return graph.add(name, "BiasAdd", name + "/product", name + "/bias");
    }

    /**
     * TensorFlow's {@code SAME} pads like the file where the filter moves by one pixel. Where it moves by two,
     * TensorFlow would pad on the right and at the bottom only.
     */
    private String pad(String name, List<Integer> pads, String input) {
        return graph.addPadding(name + "/padded", input, pads.get(0), pads.get(2), pads.get(1), pads.get(3));
    }

    private static Map<String, AttrValue> window(Operator operator, boolean same) {
        List<Integer> strides = operator.attribute("strides");
        List<Integer> dilations = operator.attribute("dilations");
        return Map.of(
                "T", FLOAT,
                "strides", ints(1, strides.get(0), strides.get(1), 1),
                "dilations", ints(1, dilations.get(0), dilations.get(1), 1),
                "padding", padding(same));
    }

    /**
     * Adds a parametric rectifier: max(x, slope * x), or where a slope is above 1, x + (slope - 1) * min(x, 0).
     *
     * @param slopes one for each channel
     */
    String rectify(String name, String input, float[] slopes) {
        boolean steep = false;
        for (float slope : slopes) {
            steep |= slope > 1;
        }
        float[] factors = slopes.clone();
        for (int i = 0; steep && i < factors.length; i++) {
            factors[i] -= 1;
        }
        graph.addConstant(name + "/slopes", List.of(factors.length), factors);
        if (!steep) {
            graph.add(name + "/scaled", "Mul", input, name + "/slopes");
            return graph.add(name, "Maximum", input, name + "/scaled");
        }
        graph.addConstant(name + "/zero", List.of(), 0);
        graph.add(name + "/negative", "Minimum", input, name + "/zero");
        graph.add(name + "/scaled", "Mul", name + "/negative", name + "/slopes");
        return graph.add(name, "AddV2", input, name + "/scaled");
    }
}
