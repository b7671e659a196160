package io.facestream.networks.conversion;

import static io.facestream.networks.conversion.GraphBuilder.FLOAT;
import static io.facestream.networks.conversion.GraphBuilder.count;

import io.facestream.networks.conversion.OnnxFile.Operator;
import io.facestream.networks.conversion.OnnxLayers.Filters;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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
    private final OnnxLayers layers;

    /** The nodes that yield the file's tensors. */
    private final Map<String, String> nodes = new HashMap<>();

    private int count;
    private final List<String> logits = new ArrayList<>();
    private final List<String> offsets = new ArrayList<>();

    private RfbGraph(OnnxFile file) {
        this.file = file;
        this.layers = new OnnxLayers(file, graph);
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
        String name = "layer" + count++;
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
        Filters filters = layers.filters(operator);
        float[] bias = layers.bias(operator);
        float[] values = filters.values();
        if (input.equals("normalise/centred")) {
            for (int i = 0; i < values.length; i++) {
                values[i] /= DEVIATION;
            }
        }
        if (!last) {
            nodes.put(operator.output(), layers.convolve(name, operator, input, filters, bias));
            return;
        }
        if (operator.inputs().get(1).startsWith(CLASSES)) {
            Filters ofFace = new Filters(
                    filters.height(), filters.width(), filters.in(), filters.out() / 2, false, differences(values));
            String difference = layers.convolve(name, operator, input, ofFace, differences(bias));
            logits.add(graph.addReshape(name + "/list", difference, 1, -1));
        } else {
            String edges = layers.convolve(name, operator, input, filters, bias);
            offsets.add(graph.addReshape(name + "/list", edges, 1, -1, 4));
        }
    }

    /** Of pairs, the second minus the first. */
    private static float[] differences(float[] pairs) {
        float[] differences = new float[pairs.length / 2];
        for (int i = 0; i < differences.length; i++) {
            differences[i] = pairs[2 * i + 1] - pairs[2 * i];
        }
        return differences;
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
