package io.facestream.networks;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TUint8;

/**
 * Looks for NaN and infinite numbers inside a network: in its weights, and in the output of each operation. The
 * network's output alone does not show them, because a maximum ignores NaN.
 */
final class NetworkInsides {
    private static final String SIGNATURE = "serving_default";

    /** Operations fetched at once. Together they need as much memory as a run of the network. */
    private static final int AT_ONCE = 32;

    /** Operations of loops and branches, which have no output outside of them. */
    private static final Set<String> CONTROL_FLOW =
            Set.of("Switch", "Merge", "Enter", "Exit", "NextIteration", "LoopCond", "RefSwitch", "RefMerge");

    private NetworkInsides() {}

    /**
     * Checks constants, variables and the outputs of operations.
     *
     * @param pictures {@code uint8 [count, side, side, 3]}
     * @throws IllegalArgumentException naming the first tensor with a number that is NaN or infinite
     */
    static void check(String name, Path savedModel, ByteBuffer pictures, int count, int side) {
        try (SavedModelBundle bundle = SavedModelBundle.load(savedModel.toString(), "serve")) {
            MetaGraphDef model = bundle.metaGraphDef();
            checkConstants(name, model.getGraphDef());
            checkVariables(name, bundle);
            checkOperations(name, bundle, pictures, count, side);
        }
    }

    /** Includes the constants of functions, where TensorFlow 2 keeps operations. */
    private static void checkConstants(String name, GraphDef graph) {
        Stream.concat(
                        graph.getNodeList().stream(),
                        graph.getLibrary().getFunctionList().stream()
                                .flatMap(function -> function.getNodeDefList().stream()))
                .filter(node -> node.getOp().equals("Const"))
                .forEach(node -> {
                    if (!isFinite(node.getAttrOrThrow("value").getTensor())) {
                        throw notFinite(name, "constant", node.getName());
                    }
                });
    }

    private static boolean isFinite(TensorProto tensor) {
        ByteString content = tensor.getTensorContent();
        ByteBuffer bytes = content.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        switch (tensor.getDtype()) {
            case DT_FLOAT -> {
                while (bytes.remaining() >= Float.BYTES) {
                    if (!Float.isFinite(bytes.getFloat())) {
                        return false;
                    }
                }
                return tensor.getFloatValList().stream().allMatch(Float::isFinite);
            }
            case DT_DOUBLE -> {
                while (bytes.remaining() >= Double.BYTES) {
                    if (!Double.isFinite(bytes.getDouble())) {
                        return false;
                    }
                }
                return tensor.getDoubleValList().stream().allMatch(Double::isFinite);
            }
            case DT_HALF, DT_BFLOAT16 -> {
                // An exponent of all ones: it has 5 of 16 bits in IEEE 754, and 8 in bfloat16.
                int exponent = tensor.getDtype() == DataType.DT_HALF ? 0x7c00 : 0x7f80;
                while (bytes.remaining() >= Short.BYTES) {
                    if ((bytes.getShort() & exponent) == exponent) {
                        return false;
                    }
                }
                return tensor.getHalfValList().stream().allMatch(half -> (half & exponent) != exponent);
            }
            default -> {
                return true;
            }
        }
    }

    private static void checkVariables(String name, SavedModelBundle bundle) {
        Graph graph = bundle.graph();
        List<Output<?>> values = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (NodeDef node : bundle.metaGraphDef().getGraphDef().getNodeList()) {
            if (node.getOp().equals("VarHandleOp")
                    && node.getAttrOrThrow("dtype").getType() == DataType.DT_FLOAT) {
                values.add(Ops.create(graph)
                        .readVariableOp(graph.operation(node.getName()).output(0), TFloat32.class)
                        .asOutput());
                names.add(node.getName());
            }
        }
        for (int i = 0; i < values.size(); i++) {
            try (Result value = bundle.session().runner().fetch(values.get(i)).run()) {
                if (!isFinite(value.get(0))) {
                    throw notFinite(name, "variable", names.get(i));
                }
            }
        }
    }

    private static void checkOperations(
            String name, SavedModelBundle bundle, ByteBuffer pictures, int count, int side) {
        SignatureDef signature = bundle.metaGraphDef().getSignatureDefOrThrow(SIGNATURE);
        String input = signature.getInputsMap().values().iterator().next().getName();
        List<Output<?>> outputs = new ArrayList<>();
        for (NodeDef node : behind(bundle.metaGraphDef().getGraphDef(), signature)) {
            GraphOperation operation = bundle.graph().operation(node.getName());
            for (int i = 0; operation != null && i < operation.numOutputs(); i++) {
                if (operation.output(i).dataType() == DataType.DT_FLOAT) {
                    outputs.add(operation.output(i));
                }
            }
        }
        try (TUint8 pixels = TUint8.tensorOf(Shape.of(count, side, side, 3), DataBuffers.of(bytes(pictures)))) {
            for (int start = 0; start < outputs.size(); start += AT_ONCE) {
                check(
                        name,
                        bundle.session(),
                        input,
                        pixels,
                        outputs.subList(start, Math.min(start + AT_ONCE, outputs.size())));
            }
        }
    }

    private static byte[] bytes(ByteBuffer pictures) {
        byte[] bytes = new byte[pictures.remaining()];
        pictures.duplicate().get(bytes);
        return bytes;
    }

    private static void check(String name, Session session, String input, TUint8 pixels, List<Output<?>> outputs) {
        Session.Runner runner = session.runner().feed(input, pixels);
        outputs.forEach(runner::fetch);
        try (Result values = runner.run()) {
            for (int i = 0; i < outputs.size(); i++) {
                if (!isFinite(values.get(i))) {
                    throw notFinite(name, "operation", outputs.get(i).op().name());
                }
            }
        } catch (TensorFlowException e) {
            // One of the operations cannot be fetched. Fetch the others one by one.
            if (outputs.size() > 1) {
                outputs.forEach(output -> check(name, session, input, pixels, List.of(output)));
            }
        }
    }

    private static boolean isFinite(Tensor tensor) {
        if (!(tensor instanceof TFloat32 floats)) {
            return true;
        }
        float[] values = new float[(int) floats.size()];
        floats.asRawTensor().data().asFloats().read(values);
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    /** The operations on which the signature's outputs depend, control flow aside. */
    private static List<NodeDef> behind(GraphDef graph, SignatureDef signature) {
        Map<String, NodeDef> nodes =
                graph.getNodeList().stream().collect(Collectors.toMap(NodeDef::getName, Function.identity()));
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>();
        signature.getOutputsMap().values().forEach(output -> open.add(node(output.getName())));
        List<NodeDef> behind = new ArrayList<>();
        while (!open.isEmpty()) {
            String next = open.pop();
            NodeDef node = nodes.get(next);
            if (node != null && seen.add(next)) {
                node.getInputList().forEach(input -> open.add(node(input)));
                if (!CONTROL_FLOW.contains(node.getOp())) {
                    behind.add(node);
                }
            }
        }
        return behind;
    }

    /** The node's name in {@code name:1} and {@code ^name}. */
    private static String node(String tensor) {
        String name = tensor.startsWith("^") ? tensor.substring(1) : tensor;
        int colon = name.indexOf(':');
        return colon < 0 ? name : name.substring(0, colon);
    }

    private static IllegalArgumentException notFinite(String name, String what, String tensor) {
        return new IllegalArgumentException(
                name + " is broken inside: " + what + " " + tensor + " holds numbers that are NaN or infinite");
    }
}
