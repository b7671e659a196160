package io.facestream.training.network;

import com.google.protobuf.ByteString;
import io.facestream.training.network.NetworkGraph.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Rewrites a network so that its weights are variables, and holds it twice. The copy for training has its nodes' names
 * below {@code training/}, and normalises by each batch's own mean and variance. The copy to be published keeps its
 * names.
 *
 * <p>A constant {@code N} becomes the variable {@code N}, which is trained. With averaging the published network reads
 * {@code average/N} instead. {@code first/N} and {@code second/N} hold Adam's moments, and {@code base/N} the values
 * that filters decay to.
 */
final class VariableGraph {
    static final String TRAINING = "training/";
    static final String AVERAGE = "average/";
    static final String FIRST_MOMENT = "first/";
    static final String SECOND_MOMENT = "second/";
    static final String BASE = "base/";

    static final String BATCH_NORMALISATION = "FusedBatchNormV3";
    static final int MEAN_INPUT = 3;
    static final int VARIANCE_INPUT = 4;

    private static final String NOTHING = TRAINING + "nothing";

    private final GraphDef network;
    private final StepSettings settings;
    private final Set<String> variables;
    private final Set<String> constants;

    private VariableGraph(GraphDef network, StepSettings settings) {
        this.network = network;
        this.settings = settings;
        variables = network.getNodeList().stream()
                .filter(node -> NetworkGraph.parameter(node).isPresent())
                .map(NodeDef::getName)
                .collect(Collectors.toSet());
        constants = network.getNodeList().stream()
                .filter(node -> node.getOp().equals("Const"))
                .map(NodeDef::getName)
                .filter(name -> !variables.contains(name))
                .collect(Collectors.toSet());
    }

    static GraphDef of(NetworkGraph network, StepSettings settings) {
        return new VariableGraph(network.graph(), settings).build();
    }

    /** The variables that belong to one of a network's constants. */
    static List<String> namesOf(Parameter parameter, StepSettings settings) {
        List<String> prefixes = new ArrayList<>(List.of(""));
        if (parameter.role().trained()) {
            prefixes.addAll(List.of(FIRST_MOMENT, SECOND_MOMENT));
        }
        if (settings.averages()) {
            prefixes.add(AVERAGE);
        }
        if (settings.decays(parameter)) {
            prefixes.add(BASE);
        }
        return prefixes.stream().map(prefix -> prefix + parameter.name()).toList();
    }

    private GraphDef build() {
        GraphDef.Builder graph = GraphDef.newBuilder().setVersions(network.getVersions());
        graph.addNode(nothing());
        for (NodeDef node : network.getNodeList()) {
            Optional<Parameter> parameter = NetworkGraph.parameter(node);
            if (parameter.isPresent()) {
                TensorShapeProto shape =
                        node.getAttrOrThrow("value").getTensor().getTensorShape();
                namesOf(parameter.get(), settings).forEach(name -> graph.addNode(variable(name, shape)));
            } else if (constants.contains(node.getName())) {
                graph.addNode(node);
            } else {
                graph.addNode(copy(node, "", settings.averages() ? AVERAGE : ""));
                graph.addNode(inTraining(copy(node, TRAINING, "")));
            }
        }
        return graph.build();
    }

    private NodeDef copy(NodeDef node, String prefix, String variablePrefix) {
        NodeDef.Builder copy = node.toBuilder().setName(prefix + node.getName());
        for (int i = 0; i < node.getInputCount(); i++) {
            String input = node.getInput(i);
            if (variables.contains(input)) {
                copy.setInput(i, variablePrefix + input);
            } else if (!constants.contains(input)) {
                copy.setInput(i, prefix + input);
            }
        }
        return copy.build();
    }

    private static NodeDef inTraining(NodeDef node) {
        if (!node.getOp().equals(BATCH_NORMALISATION)) {
            return node;
        }
        return node.toBuilder()
                .setInput(MEAN_INPUT, NOTHING)
                .setInput(VARIANCE_INPUT, NOTHING)
                .putAttr("is_training", AttrValue.newBuilder().setB(true).build())
                .build();
    }

    /** The empty input that batch normalisation takes in training instead of the averages, which it does not use. */
    private static NodeDef nothing() {
        TensorShapeProto shape = TensorShapeProto.newBuilder()
                .addDim(TensorShapeProto.Dim.newBuilder().setSize(0))
                .build();
        TensorProto tensor = TensorProto.newBuilder()
                .setDtype(DataType.DT_FLOAT)
                .setTensorShape(shape)
                .build();
        return NodeDef.newBuilder()
                .setName(NOTHING)
                .setOp("Const")
                .putAttr("dtype", floats())
                .putAttr("value", AttrValue.newBuilder().setTensor(tensor).build())
                .build();
    }

    private static NodeDef variable(String name, TensorShapeProto shape) {
        AttrValue none = AttrValue.newBuilder().setS(ByteString.EMPTY).build();
        return NodeDef.newBuilder()
                .setName(name)
                .setOp("VariableV2")
                .putAttr("dtype", floats())
                .putAttr("shape", AttrValue.newBuilder().setShape(shape).build())
                .putAttr("container", none)
                .putAttr("shared_name", none)
                .build();
    }

    private static AttrValue floats() {
        return AttrValue.newBuilder().setType(DataType.DT_FLOAT).build();
    }
}
