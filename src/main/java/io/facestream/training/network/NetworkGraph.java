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
 * A recognition network as a graph whose weights are constants, the form in which it is published. It maps
 * {@code pixels}, {@code uint8 [n, 112, 112, 3]}, RGB, to {@code embedding}, {@code float [n, dimensions]}, not
 * normalised. Constants are named after their layer and their role in it: {@code LAYER/weights}.
 */
public record NetworkGraph(GraphDef graph) {
    static final String INPUT = "pixels";
    static final String OUTPUT = "embedding";

    /** Side in pixels of the square that networks take, which is the middle of a chip. */
    public static final int INPUT_SIDE = 112;

    /** A constant's role in its layer, by the end of its name. */
    enum Role {
        /** A filter or a matrix. */
        WEIGHTS,
        BIAS,
        /** Slope of a parametric rectifier. */
        SLOPE,
        /** Factor after batch normalisation. */
        GAMMA,
        /** Summand after batch normalisation. */
        BETA,
        /**
         * The mean that batch normalisation subtracts outside training. It is not trained, but averaged over batches.
         */
        MOVING_MEAN,
        /** The square of what it divides by; averaged in the same way. */
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

    /** @throws IllegalArgumentException if the bytes are not a zipped SavedModel */
    static NetworkGraph read(byte[] savedModel) {
        return new NetworkGraph(SavedModelZip.read(savedModel));
    }

    public byte[] savedModel() {
        return SavedModelZip.write(graph, INPUT, List.of(OUTPUT), false);
    }

    /** The parameters in the order of the graph, from its input to its output. */
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

    /** A tensor may be written in a shorter form: the last given value then stands for all that follow. */
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

    /** Its constants mixed with others: {@code share} of its own, and the rest of those. */
    public Map<String, float[]> mixed(double share, Map<String, float[]> others) {
        Map<String, float[]> mixed = new LinkedHashMap<>();
        values().forEach((name, own) -> {
            float[] other = others.get(name);
            float[] mix = new float[own.length];
            for (int i = 0; i < mix.length; i++) {
                mix[i] = (float) (share * own[i] + (1 - share) * other[i]);
            }
            mixed.put(name, mix);
        });
        return mixed;
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
     * Refuses a network whose layers differ.
     *
     * @throws IllegalArgumentException naming a difference
     */
    void requireSameLayers(NetworkGraph other, String architecture) {
        List<Parameter> expected = parameters();
        List<Parameter> found = other.parameters();
        for (Parameter parameter : expected) {
            if (!found.contains(parameter)) {
                throw new IllegalArgumentException("the base is not a version of " + architecture + ": it lacks "
                        + parameter.name() + " of shape " + parameter.shape());
            }
        }
        if (found.size() != expected.size()) {
            throw new IllegalArgumentException("the base is not a version of " + architecture + ": it has "
                    + found.size() + " constants to train, not " + expected.size());
        }
    }
}
