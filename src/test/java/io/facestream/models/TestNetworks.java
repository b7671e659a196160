package io.facestream.models;

import com.google.protobuf.ByteString;
import io.facestream.networks.SavedModelZip;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/** A small network, and variants of it and of the shipped one with further operations on their output. */
public final class TestNetworks {
    private static final AttrValue FLOAT =
            AttrValue.newBuilder().setType(DataType.DT_FLOAT).build();
    private static final AttrValue INT =
            AttrValue.newBuilder().setType(DataType.DT_INT32).build();

    private TestNetworks() {}

    /**
     * A network of the shipped one's shape, pixels to 192 dimensions, that computes next to nothing: the mean colours
     * of 8x8 fields. For tests that are about what is done with a network, and not about what it sees.
     */
    public static byte[] small() {
        GraphDef shipped = SavedModelZip.read(ShippedModel.weights());
        GraphDef.Builder graph = GraphDef.newBuilder().setVersions(shipped.getVersions());
        shipped.getNodeList().stream()
                .filter(node -> node.getName().equals("pixels")
                        || node.getName().startsWith("normalise/")
                        || node.getName().startsWith("embedding"))
                .map(node -> node.getName().equals("embeddings")
                        ? node.toBuilder().setInput(0, "fields").build()
                        : node)
                .forEach(graph::addNode);
        AttrValue field = AttrValue.newBuilder()
                .setList(AttrValue.ListValue.newBuilder()
                        .addI(1)
                        .addI(14)
                        .addI(14)
                        .addI(1))
                .build();
        graph.addNode(NodeDef.newBuilder()
                .setName("fields")
                .setOp("AvgPool")
                .addInput("normalise/scaled")
                .putAttr("T", FLOAT)
                .putAttr("ksize", field)
                .putAttr("strides", field)
                .putAttr(
                        "padding",
                        AttrValue.newBuilder()
                                .setS(ByteString.copyFromUtf8("VALID"))
                                .build()));
        return SavedModelZip.write(graph.build(), "pixels", List.of("embedding"), false);
    }

    /**
     * The same distances between embeddings of its own, since it only has the coordinates in reverse order; and
     * distances as of strangers to those of the shipped network.
     */
    public static byte[] reversed() {
        return reversed(ShippedModel.weights());
    }

    /** The same of another network. */
    public static byte[] reversed(byte[] network) {
        return withEmbedding(
                network,
                output(ofShipped -> NodeDef.newBuilder()
                        .setName("embedding")
                        .setOp("ReverseV2")
                        .addInput(ofShipped)
                        .addInput("variant")
                        .putAttr("T", FLOAT)
                        .putAttr("Tidx", INT)
                        .build()),
                ints(1));
    }

    /** Yields x - x. */
    public static byte[] allZero() {
        return binary("Sub");
    }

    /** Yields 1 for every coordinate of every picture. */
    public static byte[] constant() {
        return binary("Div");
    }

    /** Yields logarithms, also of negative numbers. */
    static byte[] notANumber() {
        return withEmbedding(output(ofShipped -> NodeDef.newBuilder()
                .setName("embedding")
                .setOp("Log")
                .addInput(ofShipped)
                .putAttr("T", FLOAT)
                .build()));
    }

    /** The first coordinates only. */
    static byte[] narrow(int dimensions) {
        return withEmbedding(
                output(ofShipped -> NodeDef.newBuilder()
                        .setName("embedding")
                        .setOp("Slice")
                        .addInput(ofShipped)
                        .addInput("begin")
                        .addInput("variant")
                        .putAttr("T", FLOAT)
                        .putAttr("Index", INT)
                        .build()),
                constant("begin", 0, 0),
                ints(-1, dimensions));
    }

    /** The shipped network times the brightest value of the picture: of a black one it yields zeros. */
    public static byte[] zeroForBlack() {
        return zeroForBlack(ShippedModel.weights());
    }

    /** The same of another network. */
    public static byte[] zeroForBlack(byte[] network) {
        AttrValue bytes = AttrValue.newBuilder().setType(DataType.DT_UINT8).build();
        return withEmbedding(
                network,
                output(ofShipped -> NodeDef.newBuilder()
                        .setName("embedding")
                        .setOp("Mul")
                        .addInput(ofShipped)
                        .addInput("brightest")
                        .putAttr("T", FLOAT)
                        .build()),
                constant("colours", 1, 2),
                ints(1),
                NodeDef.newBuilder()
                        .setName("max")
                        .setOp("Max")
                        .addInput("pixels")
                        .addInput("colours")
                        .putAttr("T", bytes)
                        .putAttr("Tidx", INT)
                        .build(),
                NodeDef.newBuilder()
                        .setName("maxOfColours")
                        .setOp("Max")
                        .addInput("max")
                        .addInput("variant")
                        .putAttr("T", bytes)
                        .putAttr("Tidx", INT)
                        .putAttr("keep_dims", AttrValue.newBuilder().setB(true).build())
                        .build(),
                NodeDef.newBuilder()
                        .setName("brightest")
                        .setOp("Cast")
                        .addInput("maxOfColours")
                        .putAttr("SrcT", bytes)
                        .putAttr("DstT", FLOAT)
                        .build());
    }

    /** The shipped network; it also computes logarithms of negative numbers that its output does not use. */
    static byte[] notANumberInside() {
        return withEmbedding(
                output(TestNetworks::passingOverInside),
                isNanInside(),
                NodeDef.newBuilder()
                        .setName("inside")
                        .setOp("Log")
                        .addInput(shippedOutput())
                        .putAttr("T", FLOAT)
                        .build());
    }

    /** The shipped network with a NaN weight that its output does not use. */
    static byte[] notANumberInAWeight() {
        return withEmbedding(
                output(TestNetworks::passingOverInside),
                isNanInside(),
                NodeDef.newBuilder()
                        .setName("weight")
                        .setOp("Const")
                        .putAttr("dtype", FLOAT)
                        .putAttr(
                                "value",
                                AttrValue.newBuilder()
                                        .setTensor(TensorProto.newBuilder()
                                                .setDtype(DataType.DT_FLOAT)
                                                .setTensorShape(TensorShapeProto.getDefaultInstance())
                                                .addFloatVal(Float.NaN))
                                        .build())
                        .build(),
                NodeDef.newBuilder()
                        .setName("inside")
                        .setOp("Mul")
                        .addInput(shippedOutput())
                        .addInput("weight")
                        .putAttr("T", FLOAT)
                        .build());
    }

    /** Like a maximum that ignores NaN. */
    private static NodeDef passingOverInside(String ofShipped) {
        return NodeDef.newBuilder()
                .setName("embedding")
                .setOp("SelectV2")
                .addInput("isNan")
                .addInput(ofShipped)
                .addInput(ofShipped)
                .putAttr("T", FLOAT)
                .build();
    }

    private static NodeDef isNanInside() {
        return NodeDef.newBuilder()
                .setName("isNan")
                .setOp("IsNan")
                .addInput("inside")
                .putAttr("T", FLOAT)
                .build();
    }

    private static String shippedOutput() {
        return SavedModelZip.read(ShippedModel.weights()).getNodeList().stream()
                .filter(node -> node.getName().equals("embedding"))
                .findFirst()
                .orElseThrow()
                .getInput(0);
    }

    private static byte[] binary(String operation) {
        return withEmbedding(output(ofShipped -> NodeDef.newBuilder()
                .setName("embedding")
                .setOp(operation)
                .addInput(ofShipped)
                .addInput(ofShipped)
                .putAttr("T", FLOAT)
                .build()));
    }

    /** A node that takes the place of the output. */
    private interface Output {
        NodeDef of(String shipped);
    }

    private static Output output(Output output) {
        return output;
    }

    private static NodeDef ints(int... values) {
        return constant("variant", values);
    }

    private static NodeDef constant(String name, int... values) {
        ByteBuffer content = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            content.putInt(value);
        }
        TensorProto tensor = TensorProto.newBuilder()
                .setDtype(DataType.DT_INT32)
                .setTensorShape(TensorShapeProto.newBuilder()
                        .addDim(TensorShapeProto.Dim.newBuilder().setSize(values.length)))
                .setTensorContent(ByteString.copyFrom(content.array()))
                .build();
        return NodeDef.newBuilder()
                .setName(name)
                .setOp("Const")
                .putAttr("dtype", INT)
                .putAttr("value", AttrValue.newBuilder().setTensor(tensor).build())
                .build();
    }

    private static byte[] withEmbedding(Output output, NodeDef... more) {
        return withEmbedding(ShippedModel.weights(), output, more);
    }

    private static byte[] withEmbedding(byte[] network, Output output, NodeDef... more) {
        try {
            SavedModel model = SavedModel.parseFrom(onlyEntry(network));
            MetaGraphDef meta = model.getMetaGraphs(0);
            GraphDef.Builder graph =
                    GraphDef.newBuilder().setVersions(meta.getGraphDef().getVersions());
            for (NodeDef node : meta.getGraphDef().getNodeList()) {
                graph.addNode(node.getName().equals("embedding") ? output.of(node.getInput(0)) : node);
            }
            List.of(more).forEach(graph::addNode);
            return zip(model.toBuilder()
                    .setMetaGraphs(0, meta.toBuilder().setGraphDef(graph))
                    .build()
                    .toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] onlyEntry(byte[] zip) throws IOException {
        try (ZipInputStream entries = new ZipInputStream(new ByteArrayInputStream(zip))) {
            entries.getNextEntry();
            return entries.readAllBytes();
        }
    }

    private static byte[] zip(byte[] savedModel) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("saved_model.pb"));
            zip.write(savedModel);
        }
        return bytes.toByteArray();
    }

    /** As a version of that architecture. */
    public static ModelCandidate candidate(String architecture, byte[] savedModel) {
        return new ModelCandidate(
                architecture, 112, true, 1.1f, 0.05f, Calibration.NONE, ModelMetrics.NONE, null, null, savedModel);
    }
}
