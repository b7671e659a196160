package io.facestream.faces.rfb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.inference.Predictor;
import ai.djl.translate.TranslateException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.SharedData;
import io.facestream.SyntheticPictures;
import io.facestream.faces.Box;
import io.facestream.faces.rfb.Anchors.Proposal;
import io.facestream.frames.Picture;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.PixelBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Golden numbers come from the original network run by ONNX Runtime: see {@code golden/rfb/README.md}. */
class RfbNetworksTest {
    private static final int WIDTH = 320;
    private static final int HEIGHT = 240;

    /** Anchors of the grids of 8 and 16 px. */
    private static final int EXACT_ROWS = 40 * 30 * 3 + 20 * 15 * 2;

    private static final RfbNetworks NETWORKS = RfbNetworks.load(ComputeDevice.CPU);

    private record Anchor(int index, float score, float[] offsets, float[] edges) {}

    private record Golden(int x, int y, double sumOfScores, double[] sumOfOffsets, List<Anchor> anchors) {}

    @AfterAll
    static void close() {
        NETWORKS.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "people/Eileen_Collins/nasa.jpg",
                "people/Grace_Hopper/us-navy.jpg",
                "strangers/Aksel_Andersson/print.jpg"
            })
    void facesAreScoredAndPlacedAsTheOriginalDoes(String picture) throws Exception {
        Golden expected = golden().get(picture);
        Anchors anchors = run(part(picture, expected.x(), expected.y()), WIDTH, HEIGHT);

        List<Proposal> all = anchors.atLeast(0, WIDTH, HEIGHT);

        assertThat(all).hasSize(4_420);
        assertThat(all.stream().mapToDouble(Proposal::score).sum()).isCloseTo(expected.sumOfScores(), within(0.05));
        double[] sums = new double[4];
        for (int i = 0; i < anchors.offsets().length; i++) {
            sums[i % 4] += anchors.offsets()[i];
        }
        assertThat(sums).containsExactly(expected.sumOfOffsets(), within(0.5));
        for (Anchor anchor : expected.anchors()) {
            Proposal proposal = all.get(anchor.index());
            assertThat(proposal.score()).isCloseTo(anchor.score(), within(1e-3f));
            assertThat(Arrays.copyOfRange(anchors.offsets(), 4 * anchor.index(), 4 * anchor.index() + 4))
                    .containsExactly(anchor.offsets(), within(1e-3f));
            assertEdges(anchor, proposal.face());
        }
    }

    /**
     * 240 is no multiple of 32 and 64, and less than 256. There the original's rows of anchors are 30 and 60 px apart,
     * although the network looks every 32 and 64 px, and its largest anchors are 240 px high. Ours are where the
     * network looks, and the same in every picture.
     */
    private static void assertEdges(Anchor expected, Box face) {
        assertThat(face.x()).isCloseTo(expected.edges()[0], within(0.05f));
        assertThat(face.x() + face.width()).isCloseTo(expected.edges()[2], within(0.05f));
        if (expected.index() < EXACT_ROWS) {
            assertThat(face.y()).isCloseTo(expected.edges()[1], within(0.05f));
            assertThat(face.y() + face.height()).isCloseTo(expected.edges()[3], within(0.05f));
        }
    }

    /** The original has anchors for 320x240 only. */
    @ParameterizedTest
    @ValueSource(strings = {"160x96", "48x48", "16x16", "400x16", "688x400"})
    void aPictureOfAnySizeHasItsOwnAnchors(String size) throws Exception {
        int width = Integer.parseInt(size.split("x")[0]);
        int height = Integer.parseInt(size.split("x")[1]);
        try (Picture noise = SyntheticPictures.noise(width, height, 1)) {
            ByteBuffer pixels = ByteBuffer.allocateDirect(3 * width * height);
            pixels.put(noise.rgb().<ByteBuffer>createBuffer()).flip();

            Anchors anchors = run(pixels, width, height);

            assertThat(anchors.scores()).hasSize(Anchors.count(width, height));
            assertThat(anchors.offsets()).hasSize(4 * Anchors.count(width, height));
        }
    }

    @Test
    void anchorsOfAnotherSizeAreRefused() {
        Anchors anchors = new Anchors(new float[4_420], new float[4 * 4_420]);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> anchors.atLeast(0.5f, 336, 240))
                .withMessageContaining("336x240");
    }

    @Test
    void whateverTheNetworkSaysABoxIsFinite() {
        float[] offsets = new float[4 * Anchors.count(16, 16)];
        Arrays.fill(offsets, 1e30f);
        float[] scores = new float[Anchors.count(16, 16)];

        assertThat(new Anchors(scores, offsets).atLeast(0, 16, 16))
                .hasSize(scores.length)
                .allSatisfy(proposal ->
                        assertThat(proposal.face().width()).isLessThan(256 * 55).isPositive());
    }

    private static Anchors run(ByteBuffer pixels, int width, int height) throws TranslateException {
        try (Predictor<PixelBatch, Anchors> predictor = NETWORKS.newProposalPredictor()) {
            return predictor.predict(new PixelBatch(pixels, 1, height, width));
        }
    }

    private static ByteBuffer part(String name, int x, int y) {
        try (Picture picture = SharedData.read(Path.of("src/main/resources/demo", name));
                Rect place = new Rect(x, y, WIDTH, HEIGHT);
                Mat part = picture.rgb().apply(place).clone()) {
            ByteBuffer pixels = ByteBuffer.allocateDirect(3 * WIDTH * HEIGHT);
            return pixels.put(part.<ByteBuffer>createBuffer()).flip();
        }
    }

    private Map<String, Golden> golden() throws IOException {
        return new ObjectMapper()
                .readValue(getClass().getResource("/golden/rfb/networks.json"), new TypeReference<>() {});
    }
}
