package io.facestream.networks.conversion;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.proto.VersionDef;

/** A TensorFlow graph under construction, whose weights are constants. Nodes are known by their names. */
final class GraphBuilder {
    static final AttrValue FLOAT = type(DataType.DT_FLOAT);

    private static final AttrValue BYTE = type(DataType.DT_UINT8);

    /** TensorFlow 2.16's graph version; readers need at least 12, as for every graph since 2016. */
    private static final VersionDef VERSION =
            VersionDef.newBuilder().setProducer(1766).setMinConsumer(12).build();

    private final GraphDef.Builder graph = GraphDef.newBuilder().setVersions(VERSION);

    /** Adds a node and returns its name. */
    String add(String name, String operation, List<String> inputs, Map<String, AttrValue> attributes) {
        graph.addNode(NodeDef.newBuilder()
                .setName(name)
                .setOp(operation)
                .addAllInput(inputs)
                .putAllAttr(attributes));
        return name;
    }

    /** Adds a node that takes and yields floats. */
    String add(String name, String operation, String... inputs) {
        return add(name, operation, List.of(inputs), Map.of("T", FLOAT));
    }

    /**
     * Adds the graph's input {@code uint8 [n, height, width, 3]} and returns the node that yields it as floats, 0 to
     * 255.
     *
     * @param height or -1 for any
     * @param width or -1 for any
     */
    String addInput(String name, int height, int width) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (int size : new int[] {-1, height, width, 3}) {
            shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
        }
        add(
                name,
                "Placeholder",
                List.of(),
                Map.of(
                        "dtype",
                        BYTE,
                        "shape",
                        AttrValue.newBuilder().setShape(shape).build()));
        return add("normalise/float", "Cast", List.of(name), Map.of("SrcT", BYTE, "DstT", FLOAT));
    }

    String addConstant(String name, List<Integer> shape, float... values) {
        ByteBuffer content = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        content.asFloatBuffer().put(values);
        return addConstant(name, shape, DataType.DT_FLOAT, content);
    }

    /** Adds the number of an axis. */
    String addAxis(String name, int axis) {
        return addConstant(name, List.of(), DataType.DT_INT32, integers(axis));
    }

    private static ByteBuffer integers(int... values) {
        ByteBuffer content = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        content.asIntBuffer().put(values);
        return content;
    }

    private String addConstant(String name, List<Integer> shape, DataType type, ByteBuffer content) {
        TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
        shape.forEach(
                size -> dimensions.addDim(TensorShapeProto.Dim.newBuilder().setSize(size)));
        TensorProto tensor = TensorProto.newBuilder()
                .setDtype(type)
                .setTensorShape(dimensions)
                .setTensorContent(ByteString.copyFrom(content))
                .build();
        return add(
                name,
                "Const",
                List.of(),
                Map.of(
                        "dtype",
                        type(type),
                        "value",
                        AttrValue.newBuilder().setTensor(tensor).build()));
    }

    /** Adds a sum or mean over an axis, which stays with the size 1. */
    String addReduction(String name, String operation, String input, String axis) {
        return add(
                name,
                operation,
                List.of(input, axis),
                Map.of(
                        "T",
                        FLOAT,
                        "Tidx",
                        type(DataType.DT_INT32),
                        "keep_dims",
                        AttrValue.newBuilder().setB(true).build()));
    }

    String addReshape(String name, String input, int... shape) {
        addConstant(name + "/shape", List.of(shape.length), DataType.DT_INT32, integers(shape));
        return add(
                name,
                "Reshape",
                List.of(input, name + "/shape"),
                Map.of("T", FLOAT, "Tshape", type(DataType.DT_INT32)));
    }

    /** Adds rows and columns of zeros around {@code [n, height, width, channels]}. */
    String addPadding(String name, String input, int top, int bottom, int left, int right) {
        addConstant(name + "/sides", List.of(4, 2), DataType.DT_INT32, integers(0, 0, top, bottom, left, right, 0, 0));
        return add(
                name, "Pad", List.of(input, name + "/sides"), Map.of("T", FLOAT, "Tpaddings", type(DataType.DT_INT32)));
    }

    GraphDef build() {
        return graph.build();
    }

    static AttrValue type(DataType type) {
        return AttrValue.newBuilder().setType(type).build();
    }

    static AttrValue count(int value) {
        return AttrValue.newBuilder().setI(value).build();
    }

    static AttrValue ints(int... values) {
        AttrValue.ListValue.Builder list = AttrValue.ListValue.newBuilder();
        Arrays.stream(values).forEach(list::addI);
        return AttrValue.newBuilder().setList(list).build();
    }

    /** @param same as much as leaves height and width as they are, else none */
    static AttrValue padding(boolean same) {
        return text(same ? "SAME" : "VALID");
    }

    static AttrValue text(String value) {
        return AttrValue.newBuilder().setS(ByteString.copyFromUtf8(value)).build();
    }
}
