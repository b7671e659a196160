package io.facestream.networks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.translate.TranslateException;
import ai.djl.translate.TranslatorContext;
import io.facestream.SharedData;
import io.facestream.SyntheticPictures;
import io.facestream.embeddings.Embedding;
import io.facestream.frames.Picture;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.opencv.opencv_core.Mat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Golden numbers come from the published networks, run by TensorFlow Lite. */
class ShippedNetworksTest {
    private enum Content {
        NOISE,
        BLOBS,
        PHOTOS;

        /** @return count pictures, one after another, uint8 [count, height, width, 3] */
        ByteBuffer pictures(int count, int width, int height) {
            ByteBuffer pixels = ByteBuffer.allocateDirect(count * height * width * 3);
            for (int i = 0; i < count; i++) {
                try (Picture picture = picture(i, width, height)) {
                    pixels.put(picture.rgb().<ByteBuffer>createBuffer());
                }
            }
            return pixels.flip();
        }

        private Picture picture(int i, int width, int height) {
            return switch (this) {
                case NOISE -> SyntheticPictures.noise(width, height, i);
                case BLOBS -> SyntheticPictures.blobs(width, height, i);
                case PHOTOS -> {
                    try (Picture photo =
                            SharedData.read(SharedData.lfwPhotos(20).get(i))) {
                        Mat resized = new Mat(height, width, photo.rgb().type());
                        resize(photo.rgb(), resized, resized.size(), 0, 0, INTER_AREA);
                        yield new Picture(resized);
                    }
                }
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void mobileFaceNetEmbedsAsTheOriginalDoes(Content content) throws TranslateException {
        ByteBuffer pixels = content.pictures(8, 112, 112);
        float[] ours = run("mobilefacenet", pixels, 8, 112, 112).get("embedding");
        try (TfliteReference original = new TfliteReference("MobileFaceNet.tflite")) {
            for (int pair = 0; pair < 8; pair += 2) {
                original.run(normalised(pixels, pair, 2, 112, 112), 2, 112, 112, 3);
                float[] golden = original.output("embeddings");
                for (int i = 0; i < 2; i++) {
                    Embedding expected = Embedding.ofNetworkOutput(slice(golden, i, 192));
                    Embedding actual = Embedding.ofNetworkOutput(slice(ours, pair + i, 192));
                    assertThat(actual.distance(expected)).isLessThan(1e-4);
                    assertThat(actual.norm()).isCloseTo(expected.norm(), within(1e-3f));
                }
            }
        }
    }

    /** P-Net's windows are 12x12, so 0.1 px is an offset of 0.008. A picture of 97x64 has 44x27 windows. */
    @ParameterizedTest
    @EnumSource
    void proposalNetworkJudgesAnUntransposedPictureAsTheOriginalJudgesATransposedOne(Content content)
            throws TranslateException {
        int width = 97;
        int height = 64;
        ByteBuffer pixels = content.pictures(1, width, height);
        Map<String, float[]> ours = run("mtcnn-pnet", pixels, 1, width, height);
        try (TfliteReference original = new TfliteReference("pnet.tflite")) {
            original.run(transposed(normalised(pixels, 0, 1, width, height), height, width, 3), 1, width, height, 3);
            float[] probabilities = transposed(original.output("pnet/prob1"), 44, 27, 2);
            float[] offsets = transposed(original.output("pnet/conv4-2/BiasAdd"), 44, 27, 4);
            assertClose(ours.get("probabilities"), probabilities, 1e-4f);
            assertClose(ours.get("offsets"), offsets, 1e-4f);
        }
    }

    @ParameterizedTest
    @EnumSource
    void refinementNetworkJudgesAsTheOriginalDoes(Content content) throws TranslateException {
        ByteBuffer pixels = content.pictures(16, 24, 24);
        Map<String, float[]> ours = run("mtcnn-rnet", pixels, 16, 24, 24);
        try (TfliteReference original = new TfliteReference("rnet.tflite")) {
            for (int i = 0; i < 16; i++) {
                original.run(transposed(normalised(pixels, i, 1, 24, 24), 24, 24, 3), 1, 24, 24, 3);
                assertClose(slice(ours.get("probabilities"), i, 2), original.output("rnet/prob1"), 1e-4f);
                assertClose(slice(ours.get("offsets"), i, 4), original.output("rnet/conv5-2/conv5-2"), 1e-4f);
            }
        }
    }

    /** O-Net's windows are 48x48, so 0.1 px is an offset of 0.002. */
    @ParameterizedTest
    @EnumSource
    void outputNetworkJudgesAsTheOriginalDoes(Content content) throws TranslateException {
        ByteBuffer pixels = content.pictures(16, 48, 48);
        Map<String, float[]> ours = run("mtcnn-onet", pixels, 16, 48, 48);
        try (TfliteReference original = new TfliteReference("onet.tflite")) {
            for (int i = 0; i < 16; i++) {
                original.run(transposed(normalised(pixels, i, 1, 48, 48), 48, 48, 3), 1, 48, 48, 3);
                assertClose(slice(ours.get("probabilities"), i, 2), original.output("onet/prob1"), 1e-4f);
                assertClose(slice(ours.get("offsets"), i, 4), original.output("onet/conv6-2/conv6-2"), 1e-4f);
                assertClose(slice(ours.get("landmarks"), i, 10), original.output("onet/conv6-3/conv6-3"), 1e-4f);
            }
        }
    }

    @Test
    void aBatchOfOneYieldsWhatItYieldsAmongOthers() throws TranslateException {
        ByteBuffer pixels = Content.BLOBS.pictures(5, 112, 112);
        float[] together = run("mobilefacenet", pixels, 5, 112, 112).get("embedding");
        float[] alone = run("mobilefacenet", pixels, 1, 112, 112).get("embedding");
        assertClose(slice(together, 0, 192), alone, 1e-4f);
    }

    private static Map<String, float[]> run(String network, ByteBuffer pixels, int count, int width, int height)
            throws TranslateException {
        try (Network loaded = Network.shipped(network, ComputeDevice.CPU);
                Predictor<PixelBatch, Map<String, float[]>> predictor =
                        loaded.newPredictor(new AllOutputsTranslator())) {
            return predictor.predict(new PixelBatch(pixels, count, height, width));
        }
    }

    private static final class AllOutputsTranslator extends PixelBatch.Translator<Map<String, float[]>> {
        @Override
        public Map<String, float[]> processOutput(TranslatorContext context, NDList outputs) {
            Map<String, float[]> values = new HashMap<>();
            for (NDArray output : outputs) {
                values.put(output.getName(), output.toFloatArray());
            }
            return values;
        }
    }

    private static void assertClose(float[] actual, float[] expected, float tolerance) {
        assertThat(actual).hasSameSizeAs(expected);
        List<Float> differences = new ArrayList<>();
        for (int i = 0; i < actual.length; i++) {
            differences.add(Math.abs(actual[i] - expected[i]));
        }
        assertThat(differences).allMatch(difference -> difference < tolerance);
    }

    private static float[] normalised(ByteBuffer pixels, int from, int count, int width, int height) {
        float[] values = new float[count * width * height * 3];
        for (int i = 0; i < values.length; i++) {
            values[i] = ((pixels.get(from * width * height * 3 + i) & 0xFF) - 127.5f) / 128;
        }
        return values;
    }

    /** [height, width, channels] to [width, height, channels]. */
    private static float[] transposed(float[] values, int height, int width, int channels) {
        float[] transposed = new float[values.length];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                System.arraycopy(values, (y * width + x) * channels, transposed, (x * height + y) * channels, channels);
            }
        }
        return transposed;
    }

    private static float[] slice(float[] values, int i, int length) {
        return Arrays.copyOfRange(values, i * length, (i + 1) * length);
    }
}
