package io.facestream.networks.conversion;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * The operators and constants of an ONNX file, as far as networks of convolutions need them. The numbers of the fields
 * are those of {@code onnx.proto} (ONNX 1.7).
 */
final class OnnxFile {
    private static final int FLOAT = 1;

    private final List<Operator> operators = new ArrayList<>();
    private final Map<String, Tensor> tensors = new HashMap<>();

    /** @param shape sizes, outermost first; empty for a single number */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Tensor(List<Integer> shape, float[] values) {}

    /**
     * @param kind such as {@code Conv}
     * @param integers the attributes that are whole numbers, single ones as lists of one
     */
    record Operator(String kind, List<String> inputs, String output, Map<String, List<Integer>> integers) {
        List<Integer> attribute(String name) {
            List<Integer> values = integers.get(name);
            if (values == null) {
                throw new IllegalArgumentException(kind + " " + output + " has no attribute " + name);
            }
            return values;
        }
    }

    private OnnxFile(UnknownFieldSet model) throws IOException {
        UnknownFieldSet graph = message(model.getField(7));
        for (ByteString initializer : graph.getField(5).getLengthDelimitedList()) {
            addTensor(null, UnknownFieldSet.parseFrom(initializer));
        }
        for (ByteString node : graph.getField(1).getLengthDelimitedList()) {
            addOperator(UnknownFieldSet.parseFrom(node));
        }
    }

    static OnnxFile read(Path file) throws IOException {
        return new OnnxFile(UnknownFieldSet.parseFrom(Files.readAllBytes(file)));
    }

    /** In the order in which they run. */
    List<Operator> operators() {
        return List.copyOf(operators);
    }

    boolean isConstant(String name) {
        return tensors.containsKey(name);
    }

    Tensor tensor(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("no floats are named " + name);
        }
        return tensor;
    }

    private void addOperator(UnknownFieldSet node) throws IOException {
        String kind = text(node.getField(4));
        String output = text(node.getField(2));
        Map<String, List<Integer>> integers = new HashMap<>();
        for (ByteString bytes : node.getField(5).getLengthDelimitedList()) {
            UnknownFieldSet attribute = UnknownFieldSet.parseFrom(bytes);
            Field tensor = attribute.getField(5);
            if (kind.equals("Constant") && !tensor.getLengthDelimitedList().isEmpty()) {
                addTensor(output, message(tensor));
            }
            integers.put(
                    text(attribute.getField(1)),
                    integers(attribute.hasField(3) ? attribute.getField(3) : attribute.getField(8)));
        }
        if (!kind.equals("Constant")) {
            List<String> inputs = node.getField(1).getLengthDelimitedList().stream()
                    .map(ByteString::toStringUtf8)
                    .toList();
            operators.add(new Operator(kind, inputs, output, integers));
        }
    }

    /**
     * Adds a constant of floats; networks of convolutions need no other.
     *
     * @param name null for the tensor's own
     */
    private void addTensor(String name, UnknownFieldSet tensor) {
        if (!integers(tensor.getField(2)).equals(List.of(FLOAT))) {
            return;
        }
        List<Integer> shape = integers(tensor.getField(1));
        FloatBuffer content = tensor.getField(9)
                .getLengthDelimitedList()
                .get(0)
                .asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        float[] values = new float[shape.stream().reduce(1, Math::multiplyExact)];
        content.get(values);
        tensors.put(name == null ? text(tensor.getField(8)) : name, new Tensor(shape, values));
    }

    private static UnknownFieldSet message(Field field) throws IOException {
        return UnknownFieldSet.parseFrom(only(field));
    }

    private static String text(Field field) {
        return only(field).toStringUtf8();
    }

    private static ByteString only(Field field) {
        if (field.getLengthDelimitedList().size() != 1) {
            throw new NoSuchElementException("not an ONNX file: a field occurs "
                    + field.getLengthDelimitedList().size() + " times, not once");
        }
        return field.getLengthDelimitedList().get(0);
    }

    /** Numbers beyond an int mean "to the end". */
    private static List<Integer> integers(Field field) {
        return field.getVarintList().stream()
                .map(value -> (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value)))
                .toList();
    }
}
