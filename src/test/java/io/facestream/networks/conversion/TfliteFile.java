package io.facestream.networks.conversion;

import com.google.flatbuffers.Table;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a TensorFlow Lite file says, as far as the face networks need it. The field numbers are those of TensorFlow's
 * {@code tensorflow/compiler/mlir/lite/schema/schema.fbs}, version 3.
 */
final class TfliteFile {
    /**
     * A tensor of the one subgraph.
     *
     * @param shape sizes, outermost first
     * @param content little-endian; empty unless the tensor is a constant
     */
    record Tensor(int index, String name, List<Integer> shape, ByteBuffer content) {
        boolean isConstant() {
            return content.hasRemaining();
        }

        FloatBuffer floats() {
            return content.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        }
    }

    /** A node; {@code inputs} and {@code outputs} are indices of tensors. */
    record Operator(Kind kind, List<Integer> inputs, List<Integer> outputs, Options options) {
        int input(int i) {
            return inputs.get(i);
        }

        int output() {
            return outputs.get(0);
        }
    }

    /** The options of convolutions and pools; all zero for other operators. */
    record Options(boolean samePadding, int strideHeight, int strideWidth, int filterHeight, int filterWidth) {
        static final Options NONE = new Options(false, 0, 0, 0, 0);
    }

    /** The operators that occur, with their number in the schema's {@code BuiltinOperator}. */
    enum Kind {
        ADD(0),
        CONV_2D(3),
        DEPTHWISE_CONV_2D(4),
        FULLY_CONNECTED(9),
        MAX_POOL_2D(17),
        MUL(18),
        RELU(19),
        RESHAPE(22),
        SUB(41),
        DIV(42),
        EXP(47),
        NEG(59),
        SUM(74),
        REDUCE_MAX(82),
        ABS(101);

        private final int builtinOperator;

        Kind(int builtinOperator) {
            this.builtinOperator = builtinOperator;
        }

        private static Kind of(int builtinOperator) {
            for (Kind kind : values()) {
                if (kind.builtinOperator == builtinOperator) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("operator " + builtinOperator + " of the schema is not supported");
        }
    }

    private final List<Tensor> tensors = new ArrayList<>();
    private final Map<Integer, Operator> producers = new HashMap<>();
    private final List<Integer> inputs;
    private final List<Integer> outputs;

    private TfliteFile(ByteBuffer file) {
        Node model = Node.root(file);
        List<Integer> kinds = new ArrayList<>();
        for (Node code : model.children(1)) {
            kinds.add(Math.max(code.byteAt(0), code.intAt(3)));
        }
        List<Node> buffers = model.children(4);
        Node subgraph = model.children(2).get(0);
        for (Node tensor : subgraph.children(0)) {
            tensors.add(new Tensor(
                    tensors.size(),
                    tensor.string(3),
                    tensor.ints(0),
                    buffers.get(tensor.intAt(2)).bytes(0)));
        }
        inputs = subgraph.ints(1);
        outputs = subgraph.ints(2);
        for (Node node : subgraph.children(3)) {
            Kind kind = Kind.of(kinds.get(node.intAt(0)));
            Operator operator = new Operator(kind, node.ints(1), node.ints(2), options(kind, node));
            producers.put(operator.output(), operator);
        }
    }

    static TfliteFile read(Path file) throws IOException {
        return new TfliteFile(ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN));
    }

    Tensor tensor(int index) {
        return tensors.get(index);
    }

    Tensor input() {
        return tensor(inputs.get(0));
    }

    /** The graph's output of that name. */
    Tensor output(String name) {
        return outputs.stream()
                .map(this::tensor)
                .filter(tensor -> tensor.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no output is named " + name));
    }

    /** The operator that computes a tensor. */
    Operator producer(int tensor) {
        Operator operator = producers.get(tensor);
        if (operator == null) {
            throw new IllegalArgumentException("nothing computes tensor " + tensor(tensor));
        }
        return operator;
    }

    private static Options options(Kind kind, Node operator) {
        Node options = operator.child(4);
        return switch (kind) {
            case CONV_2D, DEPTHWISE_CONV_2D -> {
                int activation = options.byteAt(kind == Kind.CONV_2D ? 3 : 4);
                requireNone("activation", activation);
                yield new Options(options.byteAt(0) == 0, options.intAt(2), options.intAt(1), 0, 0);
            }
            case MAX_POOL_2D -> {
                requireNone("activation", options.byteAt(5));
                yield new Options(
                        options.byteAt(0) == 0, options.intAt(2), options.intAt(1), options.intAt(4), options.intAt(3));
            }
            case FULLY_CONNECTED, ADD, SUB, MUL, DIV -> {
                requireNone("activation", options == null ? 0 : options.byteAt(0));
                yield Options.NONE;
            }
            default -> Options.NONE;
        };
    }

    private static void requireNone(String option, int value) {
        if (value != 0) {
            throw new IllegalArgumentException("fused " + option + " " + value + " is not supported");
        }
    }

    /** A flatbuffer table whose fields are read by number. */
    private static final class Node extends Table {
        private Node(int position, ByteBuffer file) {
            __reset(position, file);
        }

        static Node root(ByteBuffer file) {
            return new Node(file.getInt(file.position()) + file.position(), file);
        }

        private int field(int number) {
            return __offset(4 + 2 * number);
        }

        int byteAt(int number) {
            int offset = field(number);
            return offset == 0 ? 0 : bb.get(bb_pos + offset);
        }

        int intAt(int number) {
            int offset = field(number);
            return offset == 0 ? 0 : bb.getInt(bb_pos + offset);
        }

        String string(int number) {
            return __string(bb_pos + field(number));
        }

        /** Null where the field is absent. */
        Node child(int number) {
            int offset = field(number);
            return offset == 0 ? null : new Node(__indirect(bb_pos + offset), bb);
        }

        List<Node> children(int number) {
            List<Node> children = new ArrayList<>();
            int offset = field(number);
            for (int i = 0; offset != 0 && i < __vector_len(offset); i++) {
                children.add(new Node(__indirect(__vector(offset) + 4 * i), bb));
            }
            return children;
        }

        List<Integer> ints(int number) {
            List<Integer> ints = new ArrayList<>();
            int offset = field(number);
            for (int i = 0; offset != 0 && i < __vector_len(offset); i++) {
                ints.add(bb.getInt(__vector(offset) + 4 * i));
            }
            return ints;
        }

        ByteBuffer bytes(int number) {
            int offset = field(number);
            return offset == 0 ? ByteBuffer.allocate(0) : bb.slice(__vector(offset), __vector_len(offset));
        }
    }
}
