package io.facestream.networks.conversion;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights of one network as TensorFlow.js stores them: a manifest that lists tensors, whose values follow one
 * another in a file beside it. Most are quantised: a byte stands for byte * scale + min. Whole numbers, which belong
 * to the graph that the weights were taken from, are read as if they were floats; no network here needs them.
 */
final class FaceApiWeights {
    /** @param shape sizes, outermost first */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Tensor(List<Integer> shape, float[] values) {}

    private final Map<String, Tensor> tensors = new HashMap<>();

    private FaceApiWeights(JsonNode group, ByteBuffer content) {
        for (JsonNode tensor : group.get("weights")) {
            List<Integer> shape = new ArrayList<>();
            tensor.get("shape").forEach(size -> shape.add(size.intValue()));
            JsonNode quantisation = tensor.path("quantization");
            float[] values = new float[shape.stream().reduce(1, Math::multiplyExact)];
            for (int i = 0; i < values.length; i++) {
                values[i] = quantisation.isMissingNode()
                        ? content.getFloat()
                        : (float) ((content.get() & 0xFF)
                                        * quantisation.get("scale").doubleValue()
                                + quantisation.get("min").doubleValue());
            }
            tensors.put(tensor.get("name").textValue(), new Tensor(shape, values));
        }
        if (content.hasRemaining()) {
            throw new IllegalArgumentException(
                    content.remaining() + " bytes follow the weights that the manifest lists");
        }
    }

    /** Reads {@code NETWORK-weights_manifest.json} and {@code NETWORK.bin}. */
    static FaceApiWeights read(Path folder, String network) throws IOException {
        Path manifest = folder.resolve(network + "-weights_manifest.json");
        JsonNode group = new ObjectMapper().readTree(manifest.toFile()).get(0);
        return new FaceApiWeights(
                group,
                ByteBuffer.wrap(Files.readAllBytes(folder.resolve(network + ".bin")))
                        .order(ByteOrder.LITTLE_ENDIAN));
    }

    boolean has(String name) {
        return tensors.containsKey(name);
    }

    Tensor tensor(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("no weights are named " + name);
        }
        return tensor;
    }

    float[] values(String name) {
        return tensor(name).values();
    }
}
