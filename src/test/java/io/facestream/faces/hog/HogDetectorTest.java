package io.facestream.faces.hog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.SharedData;
import io.facestream.SyntheticPictures;
import io.facestream.faces.Box;
import io.facestream.faces.DetectedFace;
import io.facestream.faces.LandmarkNetwork;
import io.facestream.faces.Landmarks;
import io.facestream.faces.Point;
import io.facestream.frames.Picture;
import io.facestream.networks.ComputeDevice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HogDetectorTest {
    private static final HogFilters FILTERS = HogFilters.load();
    private static final LandmarkNetwork LANDMARKS = LandmarkNetwork.load(ComputeDevice.CPU);

    private final HogDetector detector = new HogDetector(FILTERS, LANDMARKS, HogSettings.DEFAULT);

    @AfterEach
    void closeDetector() {
        detector.close();
    }

    @AfterAll
    static void closeShared() {
        FILTERS.close();
        LANDMARKS.close();
    }

    @Test
    void theFaceInThePictureIsFoundInItsMiddle() {
        int found = 0;
        for (Path photo : SharedData.lfwPhotos(50)) {
            try (Picture picture = SharedData.read(photo)) {
                found += detector.detect(picture).stream().anyMatch(face -> contains(face.box(), 125, 125)) ? 1 : 0;
            }
        }
        assertThat(found).isGreaterThanOrEqualTo(48);
    }

    /** Golden numbers come from dlib, whose pyramid has other sizes: see {@code golden/dlib/README.md}. */
    @ParameterizedTest
    @ValueSource(strings = {"people/John_Ousterhout/tk", "people/Grace_Hopper/us-navy"})
    void theFaceIsWhereDlibFindsItWithAboutItsScore(String name) throws IOException {
        JsonNode golden = golden("dlib/" + name.replace('/', '_')).get("faces").get(0);
        Box expected = new ObjectMapper().treeToValue(golden.get("box"), Box.class);
        try (Picture picture = SharedData.read(Path.of("src/main/resources/demo", name + ".jpg"))) {
            DetectedFace face = detector.detect(picture).get(0);

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
            Landmarks actual = detector.detect(picture).get(0).landmarks();

            float tolerance = 0.25f * distance(expected.leftEye(), expected.rightEye());
            assertThat(distance(actual.leftEye(), expected.leftEye())).isLessThan(tolerance);
            assertThat(distance(actual.rightEye(), expected.rightEye())).isLessThan(tolerance);
            assertThat(distance(actual.nose(), expected.nose())).isLessThan(tolerance);
            assertThat(distance(actual.leftMouth(), expected.leftMouth())).isLessThan(tolerance);
            assertThat(distance(actual.rightMouth(), expected.rightMouth())).isLessThan(tolerance);
        }
    }

    @Test
    void facesComeMostConfidentFirstOnceEachAndTheSameEveryTime() {
        try (Picture crowd = SharedData.crowd(SharedData.lfwPhotos(12), 4)) {
            List<DetectedFace> faces = detector.detect(crowd);

            assertThat(faces).hasSizeBetween(11, 14);
            assertThat(faces)
                    .isSortedAccordingTo(
                            Comparator.comparing(DetectedFace::confidence).reversed());
            for (int i = 0; i < 12; i++) {
                float x = i % 4 * 250 + 125;
                float y = i / 4 * 250 + 125;
                assertThat(faces.stream().filter(face -> contains(face.box(), x, y)))
                        .hasSizeLessThanOrEqualTo(1);
            }
            assertThat(detector.detect(crowd)).isEqualTo(faces);
            try (HogDetector another = new HogDetector(FILTERS, LANDMARKS, HogSettings.DEFAULT)) {
                assertThat(another.detect(crowd)).isEqualTo(faces);
            }
        }
    }

    @Test
    void picturesWithoutAFaceHaveNone() {
        try (Picture black = new Picture(new Mat(240, 320, CV_8UC3, new Scalar(0, 0, 0, 0)));
                Picture blobs = SyntheticPictures.blobs(320, 240, 1);
                Picture noise = SyntheticPictures.noise(320, 240, 1);
                Picture pixel = SyntheticPictures.noise(1, 1, 1);
                Picture line = SyntheticPictures.noise(3000, 1, 1)) {
            assertThat(detector.detect(black)).isEmpty();
            assertThat(detector.detect(blobs)).isEmpty();
            assertThat(detector.detect(noise)).isEmpty();
            assertThat(detector.detect(pixel)).isEmpty();
            assertThat(detector.detect(line)).isEmpty();
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

                List<DetectedFace> faces = detector.detect(picture);

                assertThat(faces).anyMatch(face -> contains(face.box(), 3904 + 8 * 224, 8 * 120));
            }
        }
    }

    /** With no threshold every window is a candidate: as bad as any picture can be. */
    @Test
    void howeverManyWindowsLookLikeFacesTheWorkIsBoundedAndBoxesEndWithThePicture() {
        try (Picture noise = SyntheticPictures.noise(320, 240, 1);
                HogDetector believer = new HogDetector(FILTERS, LANDMARKS, new HogSettings(40, -1000))) {
            assertThat(believer.detect(noise)).hasSizeBetween(1, 500).allSatisfy(face -> {
                assertThat(face.box().x()).isGreaterThanOrEqualTo(0);
                assertThat(face.box().y()).isGreaterThanOrEqualTo(0);
                assertThat(face.box().x() + face.box().width()).isLessThanOrEqualTo(320.001f);
                assertThat(face.box().y() + face.box().height()).isLessThanOrEqualTo(240.001f);
            });
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

    private static boolean contains(Box box, float x, float y) {
        return box.x() < x && x < box.x() + box.width() && box.y() < y && y < box.y() + box.height();
    }

    private static float distance(Point one, Point other) {
        return (float) Math.hypot(one.x() - other.x(), one.y() - other.y());
    }
}
