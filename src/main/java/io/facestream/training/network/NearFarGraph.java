package io.facestream.training.network;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TUint8;

/**
 * Two networks as one. Each face goes through one of them: a face that looks far, being small or blurred, through the
 * one for far faces, any other through the one for near faces.
 *
 * <pre>
 *  pixels --mean |Laplacian| / mean |horizontal difference| of the grey picture--> far or near
 *         --far network, near network--> embedding, in the order of the pixels
 * </pre>
 *
 * <p>A face that was enlarged, or is out of focus, has hardly any detail of the size of a pixel. Both numbers grow with
 * light and contrast, but only the Laplacian needs such detail.
 */
public final class NearFarGraph {
    /**
     * A face looks far below it. Of LFW's photos 0.6 % do; of the same, as {@link io.facestream.photos.FarCamera} shows
     * them at 32 px, all, at 40 px 97 %, at 48 px 74 %, at 64 px 22 %. A network that was trained for far faces is the
     * better one up to 56 px.
     */
    private static final float FAR_SHARPNESS = 0.95f;

    /** Side in pixels of the middle of a face, where nothing is black because it lies outside of the frame. */
    private static final int MIDDLE = 80;

    private static final float[][] LAPLACIAN = {{0, -1, 0}, {-1, 4, -1}, {0, -1, 0}};
    private static final float[][] HORIZONTAL = {{0, 0, 0}, {0, -1, 1}, {0, 0, 0}};

    private static final AttrValue TWO = AttrValue.newBuilder().setI(2).build();
    private static final AttrValue FLOAT =
            AttrValue.newBuilder().setType(DataType.DT_FLOAT).build();

    private static final String NEAR = "near/";
    private static final String FAR = "far/";

    /** Of the nodes that choose. */
    private static final String FACES = "faces";

    private static final String PLACES = "places";
    private static final String NONE = "none";
    private static final String SCALE = "scale";
    private static final String SCALED = "scaled";
    private static final String MERGED = "merged";
    private static final String NEAR_FACES = NEAR + FACES + ":1";
    private static final Set<String> CHOOSING = Set.of(NEAR + FACES, NEAR + NONE, NEAR + MERGED);

    private NearFarGraph() {}

    /** The network for near faces; the network itself if it is not of two. */
    static NetworkGraph near(NetworkGraph network) {
        List<NodeDef> nodes = network.graph().getNodeList();
        if (nodes.stream().noneMatch(node -> node.getName().equals(NEAR + MERGED))) {
            return network;
        }
        GraphDef.Builder near =
                GraphDef.newBuilder().setVersions(network.graph().getVersions());
        for (NodeDef node : nodes) {
            if (node.getName().equals(NetworkGraph.INPUT)) {
                near.addNode(node);
            } else if (node.getName().startsWith(NEAR) && !CHOOSING.contains(node.getName())) {
                near.addNode(renamed(
                        node, name -> name.equals(NEAR_FACES) ? NetworkGraph.INPUT : name.substring(NEAR.length())));
            }
        }
        return new NetworkGraph(near.build());
    }

    /**
     * @param near takes most faces, whose embeddings are those that it alone gives
     * @param far takes faces that look far
     * @param dimensions of the embeddings of both
     * @param scale by which the embeddings of faces that look far are multiplied, for norms that mean the same
     */
    public static NetworkGraph of(NetworkGraph near, NetworkGraph far, int dimensions, double scale) {
        GraphDef.Builder both = GraphDef.newBuilder().setVersions(near.graph().getVersions());
        both.addAllNode(choice(dimensions, (float) scale).getNodeList());
        addNetwork(both, near, NEAR);
        addNetwork(both, far, FAR);
        both.addNode(NodeDef.newBuilder()
                .setName(FAR + SCALED)
                .setOp("Mul")
                .addAllInput(List.of(FAR + NetworkGraph.OUTPUT, FAR + SCALE))
                .putAttr("T", FLOAT));
        addMerge(both, NEAR, NetworkGraph.OUTPUT);
        addMerge(both, FAR, SCALED);
        both.addNode(NodeDef.newBuilder()
                .setName(NetworkGraph.OUTPUT)
                .setOp("DynamicStitch")
                .addAllInput(List.of(PLACES, PLACES + ":1", NEAR + MERGED, FAR + MERGED))
                .putAttr("N", TWO)
                .putAttr("T", FLOAT));
        return new NetworkGraph(both.build());
    }

    /** Divides the faces, and their places in the batch, into near and far ones. */
    private static GraphDef choice(int dimensions, float scale) {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            int side = NetworkGraph.INPUT_SIDE;
            Operand<TUint8> pixels = tf.withName(NetworkGraph.INPUT)
                    .placeholder(TUint8.class, Placeholder.shape(Shape.of(-1, side, side, 3)));
            Operand<TInt32> far = tf.dtypes.cast(looksFar(tf.withSubScope("choice"), pixels), TInt32.class);
            Operand<TInt32> all = tf.range(tf.constant(0), tf.size(far), tf.constant(1));
            List<Output<TUint8>> faces = tf.dynamicPartition(pixels, far, 2L).outputs();
            List<Output<TInt32>> places =
                    tf.withName(PLACES).dynamicPartition(all, far, 2L).outputs();
            List<Ops> sides = List.of(tf.withSubScope("near"), tf.withSubScope("far"));
            sides.get(1).withName(SCALE).constant(scale);
            Operand<TFloat32> none = tf.fill(tf.constant(new int[] {0, dimensions}), tf.constant(0f));
            for (int i = 0; i < 2; i++) {
                Operand<TBool> any = tf.math.greater(tf.size(places.get(i)), tf.constant(0));
                sides.get(i).withName(FACES).switchCond(faces.get(i), any);
                sides.get(i).withName(NONE).switchCond(none, any);
            }
            return graph.toGraphDef();
        }
    }

    /** {@code [n]}: whether a face is to go through the network for far ones. */
    private static Operand<TBool> looksFar(Ops tf, Operand<TUint8> pixels) {
        float[][][][] filters = new float[3][3][3][];
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 3; column++) {
                Arrays.fill(filters[row][column], new float[] {LAPLACIAN[row][column], HORIZONTAL[row][column]});
            }
        }
        Operand<TFloat32> kernel = tf.constant(TFloat32.tensorOf(StdArrays.ndCopyOf(filters)));
        int margin = (NetworkGraph.INPUT_SIDE - MIDDLE) / 2;
        Operand<TUint8> middle = tf.slice(
                pixels, tf.constant(new int[] {0, margin, margin, 0}), tf.constant(new int[] {-1, MIDDLE, MIDDLE, 3}));
        Operand<TFloat32> filtered =
                tf.nn.conv2d(tf.dtypes.cast(middle, TFloat32.class), kernel, List.of(1L, 1L, 1L, 1L), "VALID");
        Operand<TFloat32> means = tf.math.mean(tf.math.abs(filtered), tf.constant(new int[] {1, 2}));
        List<Output<TFloat32>> each = tf.split(tf.constant(1), means, 2L).output();
        return tf.reshape(
                tf.math.less(each.get(0), tf.math.mul(tf.constant(FAR_SHARPNESS), each.get(1))),
                tf.constant(new int[] {-1}));
    }

    /**
     * Adds a network that runs if there are faces for it: oneDNN's convolutions refuse a batch without any. A switch
     * has two outputs, the second one if its condition holds.
     */
    private static void addNetwork(GraphDef.Builder both, NetworkGraph network, String prefix) {
        for (NodeDef node : network.graph().getNodeList()) {
            if (node.getName().equals(NetworkGraph.INPUT)) {
                continue;
            }
            both.addNode(renamed(node, name -> prefix + (name.equals(NetworkGraph.INPUT) ? FACES + ":1" : name)));
        }
    }

    /** Adds the output of a network, or no rows if it did not run: a merge passes on the input that is there. */
    private static void addMerge(GraphDef.Builder both, String prefix, String output) {
        both.addNode(NodeDef.newBuilder()
                .setName(prefix + MERGED)
                .setOp("Merge")
                .addAllInput(List.of(prefix + NONE, prefix + output))
                .putAttr("N", TWO)
                .putAttr("T", FLOAT));
    }

    private static NodeDef renamed(NodeDef node, UnaryOperator<String> name) {
        NodeDef.Builder renamed = node.toBuilder().setName(name.apply(node.getName()));
        for (int i = 0; i < node.getInputCount(); i++) {
            renamed.setInput(i, name.apply(node.getInput(i)));
        }
        return renamed.build();
    }
}
