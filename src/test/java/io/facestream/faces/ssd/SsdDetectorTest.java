package io.facestream.faces.ssd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.SharedData;
import io.facestream.faces.DetectedFace;
import io.facestream.faces.DetectorContract;
import io.facestream.faces.FaceDetector;
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

class SsdDetectorTest extends DetectorContract {
    private static final SsdNetworks NETWORKS = SsdNetworks.load(ComputeDevice.CPU);

    @Override
    protected FaceDetector open() {
        return new SsdDetector(NETWORKS, SsdSettings.DEFAULT);
    }

    @Override
    protected FaceDetector openCredulous() {
        return new SsdDetector(NETWORKS, new SsdSettings(40, 0));
    }

    @Override
    protected Reach reach() {
        return new Reach(49, 50);
    }

    @AfterAll
    static void closeNetworks() {
        NETWORKS.close();
    }

    /** MTCNN, whose results for the shipped pictures are stored, is another network trained on other points. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "people/Eileen_Collins/nasa.jpg",
                "people/Grace_Hopper/us-navy.jpg",
                "people/John_Ousterhout/tk.jpg",
                "strangers/Aksel_Andersson/print.jpg"
            })
    void theFaceAndItsLandmarksAreWhereMtcnnFindsThem(String name) throws IOException {
        Path stored = Path.of("src/test/resources/golden", name.replace('/', '_') + ".json");
        Landmarks expected = new ObjectMapper()
                .treeToValue(new ObjectMapper().readTree(stored.toFile()).get("landmarks"), Landmarks.class);
        try (Picture picture = SharedData.read(Path.of("src/main/resources/demo", name))) {
            List<DetectedFace> faces = detector().detect(picture);

            assertThat(faces).hasSize(1);
            Landmarks actual = faces.get(0).landmarks();
            float tolerance = 0.25f * distance(expected.leftEye(), expected.rightEye());
            assertThat(distance(actual.leftEye(), expected.leftEye())).isLessThan(tolerance);
            assertThat(distance(actual.rightEye(), expected.rightEye())).isLessThan(tolerance);
            assertThat(distance(actual.nose(), expected.nose())).isLessThan(tolerance);
            assertThat(distance(actual.leftMouth(), expected.leftMouth())).isLessThan(tolerance);
            assertThat(distance(actual.rightMouth(), expected.rightMouth())).isLessThan(tolerance);
        }
    }

    /** Of 1920x1080 pixels, a corner shows a face 40 px wide: in the whole, shrunk to 512, it would have 11. */
    @Test
    void aSmallFaceInALargePictureIsFound() {
        try (Picture photo = SharedData.read(Path.of("src/main/resources/demo/people/Eileen_Collins/nasa.jpg"));
                Size half = new Size(256, 256);
                Rect corner = new Rect(1664, 824, 256, 256)) {
            Mat frame = new Mat(1080, 1920, CV_8UC3, new Scalar(90, 90, 90, 0));
            try (Picture picture = new Picture(frame);
                    Mat place = frame.apply(corner)) {
                resize(photo.rgb(), place, half, 0, 0, INTER_AREA);

                List<DetectedFace> faces = detector().detect(picture);

                assertThat(faces).hasSize(1);
                assertThat(contains(faces.get(0).box(), 1664 + 112, 824 + 60)).isTrue();
            }
        }
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SsdSettings.DEFAULT.withSmallestFace(15))
                .withMessageContaining("15");
        assertThatIllegalArgumentException().isThrownBy(() -> new SsdSettings(40, 1.1f));
    }
}
