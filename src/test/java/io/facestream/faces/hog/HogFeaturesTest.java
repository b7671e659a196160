package io.facestream.faces.hog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC1;
import static org.bytedeco.opencv.global.opencv_imgproc.COLOR_RGB2GRAY;
import static org.bytedeco.opencv.global.opencv_imgproc.cvtColor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.SharedData;
import io.facestream.frames.Picture;
import java.nio.file.Path;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Golden numbers come from dlib: see {@code golden/dlib/README.md}. */
class HogFeaturesTest {
    /** Gradients half-way between two directions, such as diagonal ones, may fall to either side. */
    private static final float MEAN_TOLERANCE = 0.002f;

    private static final float TOLERANCE = 0.1f;

    private final HogFeatures features = new HogFeatures();

    @ParameterizedTest
    @ValueSource(strings = {"people/John_Ousterhout/tk", "people/Grace_Hopper/us-navy"})
    void cellsHaveTheFeaturesThatDlibComputes(String name) throws Exception {
        Path file = Path.of("src/test/resources/golden/dlib", name.replace('/', '_') + ".json");
        JsonNode golden = new ObjectMapper().readTree(file.toFile());
        try (Picture picture = SharedData.read(Path.of("src/main/resources/demo", name + ".jpg"));
                Mat grey = new Mat()) {
            cvtColor(picture.rgb(), grey, COLOR_RGB2GRAY);

            features.compute(grey);
        }

        assertThat(features.rows()).isEqualTo(golden.get("rows").asInt());
        assertThat(features.columns()).isEqualTo(golden.get("columns").asInt());
        int step = golden.get("step").asInt();
        float[] row = new float[features.columns() * HogFeatures.CHANNELS];
        int cell = 0;
        double sum = 0;
        for (int y = 0; y < features.rows(); y += step) {
            features.row(y, row, 0);
            for (int x = 0; x < features.columns(); x += step) {
                JsonNode expected = golden.get("cells").get(cell++);
                for (int i = 0; i < HogFeatures.CHANNELS; i++) {
                    double difference = Math.abs(
                            row[x * HogFeatures.CHANNELS + i] - expected.get(i).asDouble());
                    assertThat(difference).isLessThan(TOLERANCE);
                    sum += difference;
                }
            }
        }
        assertThat(cell).isEqualTo(golden.get("cells").size());
        assertThat(sum / (cell * HogFeatures.CHANNELS)).isLessThan(MEAN_TOLERANCE);
    }

    @Test
    void aPictureOfOneColourHasNoGradientsAndATinyOneNoCells() {
        try (Mat grey = new Mat(40, 48, CV_8UC1, new Scalar(90, 0, 0, 0));
                Mat pixel = new Mat(1, 1, CV_8UC1, new Scalar(90, 0, 0, 0))) {
            features.compute(grey);
            assertThat(features.rows()).isEqualTo(3);
            assertThat(features.columns()).isEqualTo(4);
            float[] row = new float[4 * HogFeatures.CHANNELS];
            features.row(1, row, 0);
            assertThat(row).containsOnly(0);

            features.compute(pixel);
            assertThat(features.rows()).isZero();
            assertThat(features.columns()).isZero();
        }
    }
}
