package io.facestream.networks.conversion;

import static io.facestream.networks.conversion.GraphBuilder.FLOAT;
import static io.facestream.networks.conversion.GraphBuilder.count;

import io.facestream.networks.conversion.OnnxFile.Operator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Two recognition networks as one: the MobileFaceNet that ships and that of {@code faceplugin-face-recognition-js}.
 *
 * <p>It takes {@code uint8 [n, 112, 112, 3]}, RGB, as each of them does. It yields {@code embedding [n, 192 + 512]}:
 * the unit vectors of both, one after the other, so weighted that the cosine of two faces is the weighted mean of the
 * cosines by both networks. Its length is that of the first network's vector, so a norm means what it means there.
 *
 * <p>The second network expects BGR, (x - 127) / 128. The package feeds it RGB, with which it tells fewer people apart.
 */
final class PairGraph {
    /** The second network's share in the cosine. */
    static final double SHARE = 0.5;

    /** Of the second network. */
    private static final int DIMENSIONS = 512;

    private static final float MEAN = 127;
    private static final float DEVIATION = 128;

    /** The names of the second network's nodes begin with it. */
    private static final String SECOND = "second/";

    private final OnnxFile file;
    private final GraphBuilder graph = new GraphBuilder();
    private final OnnxLayers layers;

    /** The nodes that yield the file's tensors. */
    private final Map<String, String> nodes = new HashMap<>();

    private PairGraph(OnnxFile file) {
        this.file = file;
        this.layers = new OnnxLayers(file, graph);
    }

    /**
     * @param first takes bytes, and ends in the node {@code output}
     * @param second the package's {@code fr_feature.onnx}
     */
    static GraphDef convert(GraphDef first, OnnxFile second, String output) {
        PairGraph pair = new PairGraph(second);
        pair.addFirst(first, output);
        pair.join(output + "/first", pair.addSecond(), output);
        return pair.graph.build();
    }

    private void addFirst(GraphDef first, String output) {
        for (NodeDef node : first.getNodeList()) {
            String name = node.getName().equals(output) ? output + "/first" : node.getName();
            graph.add(name, node.getOp(), node.getInputList(), node.getAttrMap());
        }
    }

    private String addSecond() {
        graph.addConstant(SECOND + "mean", List.of(), MEAN);
        nodes.put("input", graph.add(SECOND + "centred", "Sub", "normalise/float", SECOND + "mean"));
        String last = null;
        for (Operator operator : file.operators()) {
            last = SECOND + "layer" + nodes.size();
            nodes.put(operator.output(), convert(last, operator));
        }
        return last;
    }

    private String convert(String name, Operator operator) {
        String input = nodes.get(operator.inputs().get(0));
        if (operator.inputs().get(0).equals("input")) {
            return layers.convolve(name, operator, input, layers.ofBytes(operator, DEVIATION), layers.bias(operator));
        }
        return operator.kind().equals("Reshape")
                ? graph.addReshape(name, input, -1, DIMENSIONS)
                : layers.add(name, operator, nodes);
    }

    private void join(String first, String second, String output) {
        String length = length(first, output + "/length");
        graph.addConstant(output + "/first-share", List.of(), (float) Math.sqrt(1 - SHARE));
        graph.addConstant(output + "/second-share", List.of(), (float) Math.sqrt(SHARE));
        String weighted = graph.add(output + "/first-weighted", "Mul", first, output + "/first-share");
        String unit = graph.add(output + "/second-unit", "RealDiv", second, length(second, output + "/second-length"));
        String scale = graph.add(output + "/second-scale", "Mul", length, output + "/second-share");
        String other = graph.add(output + "/second-weighted", "Mul", unit, scale);
        graph.add(
                output,
                "ConcatV2",
                List.of(weighted, other, graph.addAxis(output + "/axis", 1)),
                Map.of("T", FLOAT, "N", count(2)));
    }

    /** Adds the lengths of rows, {@code [n, 1]}. */
    private String length(String rows, String name) {
        graph.add(name + "/squares", "Square", rows);
        graph.addReduction(name + "/sum", "Sum", name + "/squares", graph.addAxis(name + "/axis", 1));
        return graph.add(name, "Sqrt", name + "/sum");
    }
}
