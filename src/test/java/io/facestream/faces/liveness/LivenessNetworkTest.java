package io.facestream.faces.liveness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.SharedData;
import io.facestream.faces.Box;
import io.facestream.frames.Picture;
import io.facestream.networks.ComputeDevice;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Golden numbers come from the original network run by ONNX Runtime: see {@code golden/liveness}. */
class LivenessNetworkTest {
    private static final LivenessNetwork NETWORK = LivenessNetwork.load(ComputeDevice.CPU);
    private static final NetworkScorer SCORER = new NetworkScorer(NETWORK);

    private record Golden(int x, int y, float[] classes) {}

    @AfterAll
    static void close() {
        SCORER.close();
        NETWORK.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "people/Eileen_Collins/nasa.jpg",
                "people/Grace_Hopper/us-navy.jpg",
                "strangers/Aksel_Andersson/print.jpg"
            })
    void theNetworkSaysWhatTheOriginalDoes(String name) throws Exception {
        Golden expected = golden().get(name);
        try (Picture picture = SharedData.read(Path.of("src/main/resources/demo", name));
                Rect part = new Rect(expected.x(), expected.y(), 128, 128);
                Mat square = picture.rgb().apply(part).clone()) {
            assertThat(SCORER.classes(square).probabilities()).containsExactly(expected.classes(), within(1e-4f));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a face in the middle,      400, 300, 100, 100,  315,  215, 270, 270",
        "a face at the left,          0, 300, 100, 100,    0,  215, 270, 270",
        "a face at the lower right, 940, 740, 100, 100,  730,  530, 270, 270",
        "a face that fills the picture, 0, 0, 1000, 800,   1,    1, 999, 799",
    })
    void whatIsAroundAFaceLiesInThePicture(
            String what, int x, int y, int width, int height, int left, int top, int wide, int high) {
        try (Rect part = NetworkScorer.around(new Box(x, y, width, height), 1000, 800)) {
            assertThat(new int[] {part.x(), part.y(), part.width(), part.height()})
                    .containsExactly(left, top, wide, high);
        }
    }

    @Test
    void aScoreIsAProbability() {
        try (Picture picture = SharedData.read(Path.of("src/main/resources/demo", "people/Eileen_Collins/nasa.jpg"))) {
            assertThat(SCORER.score(picture, List.of(new Box(172, 80, 108, 108)))[0])
                    .isBetween(0f, 1f);
        }
    }

    private Map<String, Golden> golden() throws Exception {
        return new ObjectMapper()
                .readValue(getClass().getResource("/golden/liveness/classes.json"), new TypeReference<>() {});
    }
}
