package io.facestream.networks;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDateTime;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

/**
 * Writes a graph without variables as a TensorFlow SavedModel in a zip file with {@code saved_model.pb} only. The same
 * graph gives the same bytes, unless they are compressed, because deflate's output depends on the version of zlib.
 */
public final class SavedModelZip {
    private static final String ENTRY = "saved_model.pb";

    /** The earliest time that a zip file can express. */
    private static final LocalDateTime ALWAYS = LocalDateTime.of(1980, 1, 1, 0, 0);

    private SavedModelZip() {}

    /**
     * @param input name of the graph's placeholder, {@code uint8}
     * @param outputs names of the nodes that the signature {@code serving_default} yields
     * @param compressed whether to compress, which pays if weights take few different values
     */
    public static byte[] write(GraphDef graph, String input, List<String> outputs, boolean compressed) {
        SignatureDef.Builder signature = SignatureDef.newBuilder()
                .setMethodName("tensorflow/serving/predict")
                .putInputs(input, tensorInfo(input, DataType.DT_UINT8, shapeOf(graph, input)));
        for (String output : outputs) {
            TensorShapeProto unknown =
                    TensorShapeProto.newBuilder().setUnknownRank(true).build();
            signature.putOutputs(output, tensorInfo(output, DataType.DT_FLOAT, unknown));
        }
        MetaGraphDef metaGraph = MetaGraphDef.newBuilder()
                .setMetaInfoDef(MetaGraphDef.MetaInfoDef.newBuilder()
                        .addTags("serve")
                        .setTensorflowVersion("2.16.2")
                        .setStrippedDefaultAttrs(true))
                .setGraphDef(graph)
                .putSignatureDef("serving_default", signature.build())
                .build();
        SavedModel savedModel = SavedModel.newBuilder()
                .setSavedModelSchemaVersion(1)
                .addMetaGraphs(metaGraph)
                .build();
        ByteArrayOutputStream zip = new ByteArrayOutputStream();
        try (ZipOutputStream entries = new ZipOutputStream(zip)) {
            byte[] content = bytes(savedModel);
            CRC32 checksum = new CRC32();
            checksum.update(content);
            ZipEntry entry = new ZipEntry(ENTRY);
            entry.setTimeLocal(ALWAYS);
            if (!compressed) {
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(content.length);
                entry.setCrc(checksum.getValue());
            }
            entries.setLevel(Deflater.BEST_COMPRESSION);
            entries.putNextEntry(entry);
            entries.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // cannot happen in memory
        }
        return zip.toByteArray();
    }

    /**
     * The graph of a zipped SavedModel.
     *
     * @throws IllegalArgumentException if the bytes are not such a zip
     */
    public static GraphDef read(byte[] zip) {
        try (ZipInputStream entries = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                if (entry.getName().equals(ENTRY)) {
                    SavedModel model = SavedModel.parseFrom(entries.readNBytes(Network.MAX_UNPACKED_BYTES));
                    if (model.getMetaGraphsCount() > 0) {
                        return model.getMetaGraphs(0).getGraphDef();
                    }
                }
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("not a zip of a TensorFlow SavedModel: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("not a zip of a TensorFlow SavedModel: it lacks " + ENTRY);
    }

    private static byte[] bytes(SavedModel savedModel) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(savedModel.getSerializedSize());
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.useDeterministicSerialization();
        savedModel.writeTo(out);
        out.flush();
        return bytes.toByteArray();
    }

    private static TensorInfo tensorInfo(String node, DataType type, TensorShapeProto shape) {
        return TensorInfo.newBuilder()
                .setName(node + ":0")
                .setDtype(type)
                .setTensorShape(shape)
                .build();
    }

    private static TensorShapeProto shapeOf(GraphDef graph, String placeholder) {
        return graph.getNodeList().stream()
                .filter(node -> node.getName().equals(placeholder))
                .findFirst()
                .orElseThrow()
                .getAttrOrThrow("shape")
                .getShape();
    }
}
