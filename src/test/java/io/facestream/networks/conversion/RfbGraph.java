package io.facestream.networks.conversion;

import static io.facestream.networks.conversion.GraphBuilder.FLOAT;
import static io.facestream.networks.conversion.GraphBuilder.count;
import static io.facestream.networks.conversion.GraphBuilder.ints;
import static io.facestream.networks.conversion.GraphBuilder.padding;

import io.facestream.networks.conversion.OnnxFile.Operator;
import io.facestream.networks.conversion.OnnxFile.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.GraphDef;

/**
 * The detector RFB-320 of Linzaer's Ultra-Light-Fast-Generic-Face-Detector-1MB as a TensorFlow graph for pictures of
 * any size.
 *
 * <p>It takes {@code uint8 [n, height, width, 3]}, RGB, and looks at places every 8, 16, 32 and 64 pixels, at each for
 * 3, 2, 2 and 3 sizes of faces. It yields, place by place, row by row, the finest first, {@code scores [n, anchors]},
 * the probability that a face is there, and {@code offsets [n, anchors, 4]}: of its centre from the anchor's, in tenths
 * of the anchor's size, and the logarithm of its size by the anchor's, in fifths; x before y.
 *
 * <p>The original ends in a softmax over nothing and face, and in anchors for 320x240. The softmax is computed as the
 * sigmoid of the difference, which is taken between the filters. The anchors are left to the detector.
 */
final class RfbGraph {
    private static final float MEAN = 127;
    private static final float DEVIATION = 128;

    private static final String CLASSES = "classification_headers";

    private final OnnxFile file;
    private final GraphBuilder graph = new GraphBuilder();

    /** The nodes that yield the file's tensors. */
    private final Map<String, String> nodes = new HashMap<>();

    private int layers;
    private final List<String> logits = new ArrayList<>();
    private final List<String> offsets = new ArrayList<>();

    private RfbGraph(OnnxFile file) {
        this.file = file;
    }

    static GraphDef convert(OnnxFile file, String input) {
        RfbGraph rfb = new RfbGraph(file);
        rfb.addInput(input);
        Map<String, List<Operator>> consumers = file.operators().stream()
                .flatMap(operator -> operator.inputs().stream().map(name -> Map.entry(name, operator)))
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
        for (Operator operator : file.operators()) {
            boolean last = consumers.getOrDefault(operator.output(), List.of()).stream()
                    .anyMatch(consumer -> consumer.kind().equals("Transpose"));
            rfb.convert(operator, last);
        }
        rfb.addOutputs();
        return rfb.graph.build();
    }

    /** x - 127; the division by 128 is done by the first filters. */
    private void addInput(String input) {
        String pixels = graph.addInput(input, -1, -1);
        graph.addConstant("normalise/mean", List.of(), MEAN);
        nodes.put("input", graph.add("normalise/centred", "Sub", pixels, "normalise/mean"));
    }

    /** @param last whether boxes are made from what the operator yields */
    private void convert(Operator operator, boolean last) {
        List<String> inputs = operator.inputs().stream()
                .filter(name -> !file.isConstant(name))
                .map(nodes::get)
                .toList();
        if (inputs.isEmpty() || inputs.contains(null)) {
            return; // after the last layers: reshaping, and the anchors of one size
        }
        String name = "layer" + layers++;
        switch (operator.kind()) {
            case "Conv" -> convolve(name, operator, inputs.get(0), last);
            case "Relu" -> nodes.put(operator.output(), graph.add(name, "Relu", inputs.get(0)));
            case "Add" -> nodes.put(operator.output(), graph.add(name, "AddV2", inputs.toArray(new String[0])));
            case "Mul" -> nodes.put(operator.output(), timesOne(operator, inputs.get(0)));
            case "Concat" -> nodes.put(operator.output(), concatenate(name, 3, inputs));
            default -> throw new IllegalArgumentException(operator + " is not known");
        }
    }

    private String timesOne(Operator operator, String input) {
        if (file.tensor(operator.inputs().get(1)).values()[0] != 1) {
            throw new IllegalArgumentException(operator + " multiplies by another number than 1");
        }
        return input;
    }

    private void convolve(String name, Operator operator, String input, boolean last) {
        Tensor filters = file.tensor(operator.inputs().get(1));
        float[] bias = file.tensor(operator.inputs().get(2)).values();
        boolean depthwise = operator.attribute("group").get(0) > 1;
        int out = filters.shape().get(0);
        int in = filters.shape().get(1);
        int height = filters.shape().get(2);
        int width = filters.shape().get(3);
        float factor = input.equals("normalise/centred") ? 1 / DEVIATION : 1;
        float[] values = new float[filters.values().length];
        for (int i = 0; i < values.length; i++) {
            int place = i % (height * width);
            int from = i / (height * width) % in;
            int to = i / (height * width * in);
            values[(place * in + from) * out + to] = filters.values()[i] * factor;
        }
        if (!last) {
            List<Integer> shape = depthwise ? List.of(height, width, out, 1) : List.of(height, width, in, out);
            nodes.put(operator.output(), convolve(name, operator, input, shape, values, bias, depthwise));
            return;
        }
        if (operator.inputs().get(1).startsWith(CLASSES)) {
            List<Integer> shape = List.of(height, width, in, out / 2);
            String difference =
                    convolve(name, operator, input, shape, differences(values), differences(bias), depthwise);
            logits.add(graph.addReshape(name + "/list", difference, 1, -1));
        } else {
            List<Integer> shape = List.of(height, width, in, out);
            String edges = convolve(name, operator, input, shape, values, bias, depthwise);
            offsets.add(graph.addReshape(name + "/list", edges, 1, -1, 4));
        }
    }

    private String convolve(
            String name,
            Operator operator,
            String input,
            List<Integer> shape,
            float[] filters,
            float[] bias,
            boolean depthwise) {
        graph.addConstant(name + "/weights", shape, filters);
        graph.addConstant(name + "/bias", List.of(bias.length), bias);
        boolean same = operator.attribute("strides").get(0) == 1;
        graph.add(
                name + "/product",
                depthwise ? "DepthwiseConv2dNative" : "Conv2D",
                List.of(same ? input : pad(name, operator, input), name + "/weights"),
                window(operator, same));
        return graph.add(name, "BiasAdd", name + "/product", name + "/bias");
    }

    /** Of pairs, the second minus the first. */
    private static float[] differences(float[] pairs) {
        float[] differences = new float[pairs.length / 2];
        for (int i = 0; i < differences.length; i++) {
            differences[i] = pairs[2 * i + 1] - pairs[2 * i];
        }
        return differences;
    }

    /**
     * TensorFlow's {@code SAME} pads like the file where the filter moves by one pixel. Where it moves by two,
     * TensorFlow would pad on the right and at the bottom only.
     */
    private String pad(String name, Operator operator, String input) {
        List<Integer> pads = operator.attribute("pads");
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

    private void addOutputs() {
        graph.add("scores", "Sigmoid", concatenate("logits", 1, logits));
        concatenate("offsets", 1, offsets);
    }

    private String concatenate(String name, int axis, List<String> parts) {
        List<String> inputs = new ArrayList<>(parts);
        inputs.add(graph.addAxis(name + "/axis", axis));
        return graph.add(name, "ConcatV2", inputs, Map.of("T", FLOAT, "N", count(parts.size())));
    }
}
