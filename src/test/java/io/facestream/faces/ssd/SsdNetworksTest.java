package io.facestream.faces.ssd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import ai.djl.inference.Predictor;
import ai.djl.translate.TranslateException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.SharedData;
import io.facestream.faces.Box;
import io.facestream.faces.LandmarkNetwork.Points;
import io.facestream.faces.Landmarks;
import io.facestream.faces.NonMaximumSuppression;
import io.facestream.faces.NonMaximumSuppression.Overlap;
import io.facestream.faces.Point;
import io.facestream.faces.ssd.SsdNetworks.Boxes;
import io.facestream.frames.Picture;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.PixelBatch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/**
 * Golden numbers come from the package that the networks were converted from: see {@code golden/face-api/README.md}.
 */
class SsdNetworksTest {
    private static final SsdNetworks NETWORKS = SsdNetworks.load(ComputeDevice.CPU);

    /** Pixels. */
    private static final float TOLERANCE = 0.1f;

    private record Golden(List<Found> faces, Point window, List<Point> points) {}

    private record Found(float score, Box box) {}

    @AfterAll
    static void close() {
        NETWORKS.close();
    }

    @Test
    void facesAreScoredAndPlacedAsTheOriginalDoes() throws Exception {
        Map<String, Golden> golden = golden();
        ByteBuffer squares = ByteBuffer.allocateDirect(golden.size() * 512 * 512 * 3);
        for (String picture : golden.keySet()) {
            put(picture, 0, 0, 512, squares);
        }

        Boxes boxes = run(NETWORKS.newDetectionPredictor(), new PixelBatch(squares, golden.size(), 512, 512));

        int square = 0;
        for (Golden expected : golden.values()) {
            List<Found> found = found(boxes, square++);
            assertThat(found).hasSameSizeAs(expected.faces());
            for (int i = 0; i < found.size(); i++) {
                assertClose(found.get(i).score(), expected.faces().get(i).score(), 1e-3f);
                assertClose(found.get(i).box(), expected.faces().get(i).box());
            }
        }
    }

    @Test
    void pointsArePlacedAsTheOriginalDoes() throws Exception {
        Map<String, Golden> golden = golden();
        ByteBuffer windows = ByteBuffer.allocateDirect(golden.size() * 112 * 112 * 3);
        golden.forEach((picture, expected) -> put(
                picture, (int) expected.window().x(), (int) expected.window().y(), 112, windows));

        Points points = run(NETWORKS.landmarks().newPredictor(), new PixelBatch(windows, golden.size(), 112, 112));

        int face = 0;
        for (Golden expected : golden.values()) {
            for (int i = 0; i < 68; i++) {
                int at = 136 * face + 2 * i;
                assertClose(
                        points.coordinates()[at] * 112, expected.points().get(i).x(), TOLERANCE);
                assertClose(
                        points.coordinates()[at + 1] * 112,
                        expected.points().get(i).y(),
                        TOLERANCE);
            }
            face++;
        }
    }

    @Test
    void anEyeIsTheMeanOfItsPointsAndLeftIsTheSubjectsOwn() {
        float[] coordinates = new float[2 * 136];
        for (int i = 0; i < 136; i++) {
            coordinates[136 + i] = i / 128f;
        }

        Landmarks landmarks = new Points(coordinates).landmarks(1, new Box(10, 20, 128, 128));

        assertThat(landmarks.rightEye()).isEqualTo(new Point(10 + 77, 20 + 78));
        assertThat(landmarks.leftEye()).isEqualTo(new Point(10 + 89, 20 + 90));
        assertThat(landmarks.nose()).isEqualTo(new Point(10 + 60, 20 + 61));
        assertThat(landmarks.rightMouth()).isEqualTo(new Point(10 + 96, 20 + 97));
        assertThat(landmarks.leftMouth()).isEqualTo(new Point(10 + 108, 20 + 109));
    }

    private static Map<String, Golden> golden() throws IOException {
        Path file = Path.of("src/test/resources/golden/face-api/networks.json");
        return new ObjectMapper().readValue(file.toFile(), new TypeReference<>() {});
    }

    private static <O> O run(Predictor<PixelBatch, O> network, PixelBatch batch) throws TranslateException {
        try (network) {
            return network.predict(batch);
        }
    }

    /** As the original does: scores of 0.1 and more, the higher first, no two boxes with an overlap above 0.5. */
    private static List<Found> found(Boxes boxes, int square) {
        Box whole = new Box(0, 0, 512, 512);
        List<Found> found = IntStream.range(0, boxes.perSquare())
                .filter(i -> boxes.score(square, i) >= 0.1f)
                .mapToObj(i -> new Found(boxes.score(square, i), boxes.box(square, i, whole)))
                .sorted(Comparator.comparing(Found::score).reversed())
                .toList();
        return NonMaximumSuppression.suppress(found, Found::box, Overlap.OF_UNION, 0.5f).stream()
                .map(face -> new Found(face.score(), face.box().clippedTo(512, 512)))
                .toList();
    }

    private static void assertClose(Box actual, Box expected) {
        assertClose(actual.x(), expected.x(), TOLERANCE);
        assertClose(actual.y(), expected.y(), TOLERANCE);
        assertClose(actual.width(), expected.width(), TOLERANCE);
        assertClose(actual.height(), expected.height(), TOLERANCE);
    }

    private static void assertClose(float actual, float expected, float tolerance) {
        assertThat(Math.abs(actual - expected)).isLessThan(tolerance);
    }

    /** Appends a square of the picture, black where the picture ends before it. */
    private static void put(String picture, int x, int y, int side, ByteBuffer squares) {
        try (Picture whole = SharedData.read(Path.of("src/main/resources/demo", picture));
                Mat square = new Mat(side, side, CV_8UC3, new Scalar(0, 0, 0, 0));
                Rect part = new Rect(x, y, Math.min(side, whole.width() - x), Math.min(side, whole.height() - y));
                Rect place = new Rect(0, 0, part.width(), part.height())) {
            whole.rgb().apply(part).copyTo(square.apply(place));
            squares.put(square.<ByteBuffer>createBuffer());
        }
    }
}
