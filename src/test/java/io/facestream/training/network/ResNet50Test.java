package io.facestream.training.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.facestream.SyntheticPictures;
import io.facestream.embeddings.Embedding;
import io.facestream.embeddings.FaceEmbedder;
import io.facestream.frames.Picture;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.Network;
import io.facestream.training.network.NetworkGraph.Parameter;
import io.facestream.training.network.NetworkGraph.Role;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.junit.jupiter.api.Test;

class ResNet50Test {
    private static final int PHOTOS = 4;

    private static final NetworkGraph NETWORK = ResNet50.withRandomWeights(128, 1);

    /** Blobs of colour, which differ as photos do, in the middle of chips. */
    private static List<Picture> chips() {
        return IntStream.range(0, PHOTOS)
                .mapToObj(i -> SyntheticPictures.blobs(160, 160, i))
                .toList();
    }

    private static ByteBuffer middles(List<Picture> chips) {
        ByteBuffer pixels = ByteBuffer.allocateDirect(PHOTOS * 112 * 112 * 3);
        for (Picture chip : chips) {
            try (Rect rectangle = new Rect(24, 24, 112, 112);
                    Mat middle = chip.rgb().apply(rectangle);
                    Mat copy = middle.clone()) {
                pixels.put(copy.<ByteBuffer>createBuffer());
            }
        }
        return pixels.flip();
    }

    @Test
    void itHasTheLayersOfThePaper() {
        List<Parameter> filters = NETWORK.parameters().stream()
                .filter(parameter -> parameter.role() == Role.WEIGHTS)
                .toList();

        // 1 + 3 x (3 + 4 + 6 + 3) convolutions, 4 for shortcuts, and the embedding
        assertThat(filters).hasSize(1 + 48 + 4 + 1);
        // 25.6 M less the 1000 classes of 2,048 + 1, more 128 dimensions of 2,048 + 2
        assertThat(NETWORK.parameters().stream()
                        .filter(parameter -> parameter.role().trained())
                        .mapToInt(Parameter::size)
                        .sum())
                .isEqualTo(25_557_032 - 1000 * 2_049 + 128 * 2_050);
    }

    @Test
    void whatIsPublishedEmbedsAsInTraining() {
        List<Picture> chips = chips();
        TrainingBatch batch =
                new TrainingBatch(middles(chips), new int[] {0, 0, 1, 1}, new float[0][], new float[0], new float[0][]);
        StepSettings settings = StepSettings.of(Architecture.RESNET50);
        try (TrainingGraph graph =
                new TrainingGraph(NETWORK, new TrainingLoss.Weights(Mining.SEMI_HARD, 0.5, 0, 0), settings, 1)) {
            // of the first step the averages are the batch's own mean and variance; at rate zero no weight moves
            float[][] inTraining = graph.step(batch, 0, 1).unitVectors();

            try (Network published = Network.load(
                            "resnet50", NETWORK.with(graph.published(NETWORK)).savedModel(), ComputeDevice.CPU);
                    FaceEmbedder embedder = new FaceEmbedder(published, 112)) {
                List<Embedding> embeddings = embedder.embed(chips);
                for (int i = 0; i < PHOTOS; i++) {
                    assertThat(distance(inTraining[i], embeddings.get(i).vector()))
                            .isLessThan(0.1);
                }
                assertThat(distance(inTraining[0], inTraining[1])).isGreaterThan(0.5);
            }
        }
        chips.forEach(Picture::close);
    }

    private static double distance(float[] first, float[] second) {
        double squares = 0;
        for (int d = 0; d < first.length; d++) {
            squares += (first[d] - second[d]) * (first[d] - second[d]);
        }
        return Math.sqrt(squares);
    }

    @Test
    void filtersAreDrawnAsHeEtAlDo() {
        float[] values = NETWORK.values().get("conv3_1_2/weights");
        double squares = 0;
        for (float value : values) {
            squares += value * value;
        }

        assertThat(Math.sqrt(squares / values.length)).isCloseTo(Math.sqrt(2.0 / (3 * 3 * 128)), within(1e-3));
    }

    @Test
    void aSeedGivesTheSameWeights() {
        Random random = new Random(1);

        assertThat(NETWORK.values().get("conv1/weights")[0])
                .isEqualTo((float) (Math.sqrt(2.0 / (7 * 7 * 3)) * random.nextGaussian()));
    }
}
