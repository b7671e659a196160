package io.facestream.training.network;

import com.google.protobuf.ByteString;
import io.facestream.networks.SavedModelZip;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/**
 * A recognition network as a graph whose weights are constants, which is how it is published: {@code pixels}, {@code uint8 [n, 112,
 * 112, 3]}, RGB, to {@code embedding}, {@code float [n, dimensions]}, not normalised. Constants are named after their layer and what
 * they are to it: {@code LAYER/weights}.
 */
public record NetworkGraph(GraphDef graph) {
    static final String INPUT = "pixels";
    static final String OUTPUT = "embedding";

    /** Side of the square that networks take, in pixels: the middle of a chip. */
    public static final int INPUT_SIDE = 112;

    /** What a constant is to its layer, by the end of its name. */
    enum Role {
        /** A filter or a matrix. */
        WEIGHTS,
        BIAS,
        /** Of a parametric rectifier. */
        SLOPE,
        /** Factor after batch normalisation. */
        GAMMA,
        /** Summand after batch normalisation. */
        BETA,
        /** What batch normalisation subtracts outside training; not trained, but an average of batches. */
        MOVING_MEAN,
        /** What it divides by, squared; the same. */
        MOVING_VARIANCE;

        boolean trained() {
            return this != MOVING_MEAN && this != MOVING_VARIANCE;
        }

        static Optional<Role> of(String name) {
            for (Role role : values()) {
                if (name.endsWith("/" + role.name().toLowerCase(Locale.ROOT))) {
                    return Optional.of(role);
                }
            }
            return Optional.empty();
        }
    }

    /** A constant that training changes. */
    record Parameter(String name, Role role, Shape shape) {
        int size() {
            return Math.toIntExact(shape.size());
        }
    }

    /** @throws IllegalArgumentException if the bytes are no zipped SavedModel */
    static NetworkGraph read(byte[] savedModel) {
        return new NetworkGraph(SavedModelZip.read(savedModel));
    }

    public byte[] savedModel() {
        return SavedModelZip.write(graph, INPUT, List.of(OUTPUT), false);
    }

    /** In the order of the graph, which is that from its input to its output. */
    List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>();
        for (NodeDef node : graph.getNodeList()) {
            parameter(node).ifPresent(parameters::add);
        }
        return parameters;
    }

    static Optional<Parameter> parameter(NodeDef node) {
        if (!node.getOp().equals("Const") || node.getAttrOrThrow("dtype").getType() != DataType.DT_FLOAT) {
            return Optional.empty();
        }
        TensorShapeProto shape = node.getAttrOrThrow("value").getTensor().getTensorShape();
        long[] sizes = shape.getDimList().stream()
                .mapToLong(TensorShapeProto.Dim::getSize)
                .toArray();
        return Role.of(node.getName()).map(role -> new Parameter(node.getName(), role, Shape.of(sizes)));
    }

    /** The constants by their names. */
    Map<String, float[]> values() {
        Map<String, float[]> values = new LinkedHashMap<>();
        for (NodeDef node : graph.getNodeList()) {
            parameter(node).ifPresent(parameter -> values.put(parameter.name(), values(node, parameter.size())));
        }
        return values;
    }

    /** A tensor with few different values may be written shorter: the last one given stands for all that follow. */
    private static float[] values(NodeDef node, int size) {
        TensorProto tensor = node.getAttrOrThrow("value").getTensor();
        float[] values = new float[size];
        FloatBuffer content = tensor.getTensorContent()
                .asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        if (content.remaining() == size) {
            content.get(values);
            return values;
        }
        for (int i = 0; i < size; i++) {
            values[i] = tensor.getFloatVal(Math.min(i, tensor.getFloatValCount() - 1));
        }
        return values;
    }

    /** The same network with other values. */
    public NetworkGraph with(Map<String, float[]> values) {
        GraphDef.Builder changed = graph.toBuilder();
        for (NodeDef.Builder node : changed.getNodeBuilderList()) {
            float[] value = values.get(node.getName());
            if (value != null) {
                TensorProto old = node.getAttrOrThrow("value").getTensor();
                node.putAttr("value", constant(old.getTensorShape(), value));
            }
        }
        return new NetworkGraph(changed.build());
    }

    private static AttrValue constant(TensorShapeProto shape, float[] values) {
        ByteBuffer content = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        content.asFloatBuffer().put(values);
        return AttrValue.newBuilder()
                .setTensor(TensorProto.newBuilder()
                        .setDtype(DataType.DT_FLOAT)
                        .setTensorShape(shape)
                        .setTensorContent(ByteString.copyFrom(content)))
                .build();
    }

    /**
     * Refuses a network that is not of the same layers.
     *
     * @throws IllegalArgumentException that says in what they differ
     */
    void requireSameLayers(NetworkGraph other, String architecture) {
        List<Parameter> expected = parameters();
        List<Parameter> found = other.parameters();
        for (Parameter parameter : expected) {
            if (!found.contains(parameter)) {
                throw new IllegalArgumentException("the base is no version of " + architecture + ": it lacks "
                        + parameter.name() + " of shape " + parameter.shape());
            }
        }
        if (found.size() != expected.size()) {
            throw new IllegalArgumentException("the base is no version of " + architecture + ": it has " + found.size()
                    + " constants to train, not " + expected.size());
        }
    }
}
