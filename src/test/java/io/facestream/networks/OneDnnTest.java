package io.facestream.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import io.facestream.SyntheticPictures;
import io.facestream.frames.Picture;
import io.facestream.stages.ChildJvm;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * TensorFlow 2.16 decides by the CPU whether it uses oneDNN, unless it is told. A network must run, and yield the same,
 * either way. A graph that oneDNN cannot run would end the whole process.
 */
class OneDnnTest {
    private static final String SWITCH = "TF_ENABLE_ONEDNN_OPTS";

    /** Pictures, height and width. */
    private static final Map<String, int[]> SHAPES = Map.of(
            "mobilefacenet", new int[] {2, 112, 112},
            "mtcnn-pnet", new int[] {1, 64, 97},
            "mtcnn-rnet", new int[] {3, 24, 24},
            "mtcnn-onet", new int[] {3, 48, 48},
            "rfb", new int[] {1, 96, 160},
            "ssd", new int[] {1, 512, 512},
            "landmarks-68", new int[] {1, 112, 112});

    @Test
    void everyShippedNetworkYieldsTheSameWithAndWithoutOneDnn() throws Exception {
        String oneDnn = "1".equals(System.getenv(SWITCH)) ? "0" : "1";
        List<String> networks = SHAPES.keySet().stream().sorted().toList();

        try (ChildJvm child = ChildJvm.start(Map.of(SWITCH, oneDnn), OneDnnTest.class)) {
            for (String network : networks) {
                float[] theirs = numbers(child.awaitLine(network + " "));
                float[] ours = run(network);
                assertThat(theirs).as(network).hasSameSizeAs(ours);
                for (int i = 0; i < ours.length; i++) {
                    assertThat(theirs[i])
                            .as(network + "'s number " + i)
                            .isCloseTo(ours[i], within(1e-3f * Math.max(1, Math.abs(ours[i]))));
                }
            }
        }
    }

    /** Prints what the networks yield. */
    public static void main(String[] arguments) throws TranslateException {
        for (String network : SHAPES.keySet().stream().sorted().toList()) {
            System.out.println(network + " " + Arrays.toString(run(network)).replaceAll("[\\[\\],]", ""));
        }
    }

    private static float[] numbers(String line) {
        String[] words = line.split(" ");
        float[] numbers = new float[words.length];
        for (int i = 0; i < words.length; i++) {
            numbers[i] = Float.parseFloat(words[i]);
        }
        return numbers;
    }

    private static float[] run(String network) throws TranslateException {
        int[] shape = SHAPES.get(network);
        ByteBuffer pixels = ByteBuffer.allocateDirect(3 * shape[0] * shape[1] * shape[2]);
        for (int i = 0; i < shape[0]; i++) {
            try (Picture picture = SyntheticPictures.blobs(shape[2], shape[1], i)) {
                pixels.put(picture.rgb().<ByteBuffer>createBuffer());
            }
        }
        try (Network loaded = Network.shipped(network, ComputeDevice.CPU);
                Predictor<PixelBatch, float[]> predictor = loaded.newPredictor(new AllNumbers())) {
            return predictor.predict(new PixelBatch(pixels.flip(), shape[0], shape[1], shape[2]));
        }
    }

    /** All outputs, one after another, by their names. */
    private static final class AllNumbers extends PixelBatch.Translator<float[]> {
        @Override
        public float[] processOutput(TranslatorContext context, NDList outputs) {
            Map<String, float[]> byName =
                    outputs.stream().collect(Collectors.toMap(NDArray::getName, NDArray::toFloatArray));
            List<Float> numbers = new ArrayList<>();
            byName.keySet().stream().sorted().forEach(name -> {
                for (float number : byName.get(name)) {
                    numbers.add(number);
                }
            });
            float[] all = new float[numbers.size()];
            for (int i = 0; i < all.length; i++) {
                all[i] = numbers.get(i);
            }
            return all;
        }
    }
}
