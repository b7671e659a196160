package io.facestream.embeddings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.SharedData;
import io.facestream.faces.FaceAligner;
import io.facestream.frames.Picture;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.Network;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Golden numbers come from the original network run by ONNX Runtime: see {@code golden/mobilefacenet-pair}. */
class PairNetworkTest {
    private static final int SIDE = 112;
    private static final int FIRST = 192;

    private static final Network SHIPPED = Network.shipped(FaceEmbedder.MOBILE_FACE_NET, ComputeDevice.CPU);
    private static final Network PAIR = Network.shipped("mobilefacenet-pair", ComputeDevice.CPU);

    private record Golden(int x, int y, float[] embedding) {}

    @AfterAll
    static void close() {
        SHIPPED.close();
        PAIR.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "people/Eileen_Collins/nasa.jpg",
                "people/Grace_Hopper/us-navy.jpg",
                "strangers/Aksel_Andersson/print.jpg"
            })
    void theSecondNetworkSeesWhatTheOriginalDoes(String picture) throws Exception {
        Golden expected = golden().get(picture);

        float[] vector = embed(PAIR, picture, expected).vector();

        float[] second = Arrays.copyOfRange(vector, FIRST, vector.length);
        assertThat(Embedding.ofNetworkOutput(second).vector())
                .containsExactly(Embedding.ofNetworkOutput(expected.embedding()).vector(), within(1e-4f));
    }

    @ParameterizedTest
    @ValueSource(strings = {"people/Eileen_Collins/nasa.jpg", "people/Grace_Hopper/us-navy.jpg"})
    void theFirstNetworkIsTheShippedOne(String picture) throws Exception {
        Golden place = golden().get(picture);

        float[] vector = embed(PAIR, picture, place).vector();

        assertThat(Embedding.ofNetworkOutput(Arrays.copyOf(vector, FIRST)).vector())
                .containsExactly(embed(SHIPPED, picture, place).vector(), within(1e-4f));
    }

    @ParameterizedTest
    @ValueSource(strings = {"people/Eileen_Collins/nasa.jpg", "people/Grace_Hopper/us-navy.jpg"})
    void aNormIsThatOfTheShippedNetwork(String picture) throws Exception {
        Golden place = golden().get(picture);

        assertThat(embed(PAIR, picture, place).norm())
                .isCloseTo(embed(SHIPPED, picture, place).norm(), within(1e-2f));
    }

    /** The part of the picture that the golden numbers are about, in the middle of a chip. */
    private static Embedding embed(Network network, String name, Golden place) {
        int margin = (FaceAligner.CHIP_SIZE - SIDE) / 2;
        try (FaceEmbedder embedder = new FaceEmbedder(network, SIDE);
                Picture picture = SharedData.read(Path.of("src/main/resources/demo", name));
                Rect part =
                        new Rect(place.x() - margin, place.y() - margin, FaceAligner.CHIP_SIZE, FaceAligner.CHIP_SIZE);
                Mat middle = picture.rgb().apply(part);
                Picture chip = new Picture(middle.clone())) {
            return embedder.embed(chip);
        }
    }

    private Map<String, Golden> golden() throws Exception {
        return new ObjectMapper()
                .readValue(getClass().getResource("/golden/mobilefacenet-pair/second.json"), new TypeReference<>() {});
    }
}
