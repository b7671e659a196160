package io.facestream.faces.hog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.SharedData;
import io.facestream.faces.Box;
import io.facestream.faces.DetectedFace;
import io.facestream.faces.DetectorContract;
import io.facestream.faces.FaceDetector;
import io.facestream.faces.LandmarkNetwork;
import io.facestream.faces.Landmarks;
import io.facestream.frames.Picture;
import io.facestream.networks.ComputeDevice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HogDetectorTest extends DetectorContract {
    private static final HogFilters FILTERS = HogFilters.load();
    private static final LandmarkNetwork LANDMARKS = LandmarkNetwork.load(ComputeDevice.CPU);

    @Override
    protected FaceDetector open() {
        return new HogDetector(FILTERS, LANDMARKS, HogSettings.DEFAULT);
    }

    @Override
    protected FaceDetector openCredulous() {
        return new HogDetector(FILTERS, LANDMARKS, new HogSettings(40, -1000));
    }

    @Override
    protected Reach reach() {
        return new Reach(48, 50);
    }

    @AfterAll
    static void closeShared() {
        FILTERS.close();
        LANDMARKS.close();
    }

    /** Golden numbers come from dlib, whose pyramid has other sizes: see {@code golden/dlib/README.md}. */
    @ParameterizedTest
    @ValueSource(strings = {"people/John_Ousterhout/tk", "people/Grace_Hopper/us-navy"})
    void theFaceIsWhereDlibFindsItWithAboutItsScore(String name) throws IOException {
        JsonNode golden = golden("dlib/" + name.replace('/', '_')).get("faces").get(0);
        Box expected = new ObjectMapper().treeToValue(golden.get("box"), Box.class);
        try (Picture picture = SharedData.read(Path.of("src/main/resources/demo", name + ".jpg"))) {
            DetectedFace face = detector().detect(picture).get(0);

            assertThat(face.box().intersectionOverUnion(expected)).isGreaterThan(0.75f);
            double score = Math.log(face.confidence() / (1 - face.confidence()));
            assertThat(Math.abs(score - golden.get("score").asDouble())).isLessThan(0.4);
        }
    }

    /** MTCNN, whose results for the shipped pictures are stored, is another network trained on other points. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "people/Eileen_Collins/nasa",
                "people/Grace_Hopper/us-navy",
                "people/John_Ousterhout/tk",
                "strangers/Aksel_Andersson/print"
            })
    void theLandmarksAreWhereMtcnnFindsThem(String name) throws IOException {
        Landmarks expected = new ObjectMapper()
                .treeToValue(golden(name.replace('/', '_') + ".jpg").get("landmarks"), Landmarks.class);
        try (Picture picture = SharedData.read(Path.of("src/main/resources/demo", name + ".jpg"))) {
            Landmarks actual = detector().detect(picture).get(0).landmarks();

            float tolerance = 0.25f * distance(expected.leftEye(), expected.rightEye());
            assertThat(distance(actual.leftEye(), expected.leftEye())).isLessThan(tolerance);
            assertThat(distance(actual.rightEye(), expected.rightEye())).isLessThan(tolerance);
            assertThat(distance(actual.nose(), expected.nose())).isLessThan(tolerance);
            assertThat(distance(actual.leftMouth(), expected.leftMouth())).isLessThan(tolerance);
            assertThat(distance(actual.rightMouth(), expected.rightMouth())).isLessThan(tolerance);
        }
    }

    /** Of 40 megapixels, enlarged, 71 would have to be searched. */
    @Test
    void aLargeFaceInAHugePictureIsFound() {
        try (Picture photo = SharedData.read(Path.of("src/main/resources/demo/people/Eileen_Collins/nasa.jpg"));
                Size size = new Size(4096, 4096);
                Rect corner = new Rect(3904, 0, 4096, 4096)) {
            Mat frame = new Mat(5000, 8000, CV_8UC3, new Scalar(90, 90, 90, 0));
            try (Picture picture = new Picture(frame);
                    Mat place = frame.apply(corner)) {
                resize(photo.rgb(), place, size);

                List<DetectedFace> faces = detector().detect(picture);

                assertThat(faces).anyMatch(face -> contains(face.box(), 3904 + 8 * 224, 8 * 120));
            }
        }
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HogSettings.DEFAULT.withSmallestFace(19))
                .withMessageContaining("19");
        assertThatIllegalArgumentException().isThrownBy(() -> new HogSettings(40, Float.NaN));
    }

    private static JsonNode golden(String name) throws IOException {
        return new ObjectMapper()
                .readTree(Path.of("src/test/resources/golden", name + ".json").toFile());
    }
}
