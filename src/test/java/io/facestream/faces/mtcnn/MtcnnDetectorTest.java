package io.facestream.faces.mtcnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import io.facestream.SharedData;
import io.facestream.SyntheticPictures;
import io.facestream.faces.DetectedFace;
import io.facestream.faces.FaceDetector;
import io.facestream.faces.FaceDetectorContract;
import io.facestream.frames.Picture;
import io.facestream.networks.ComputeDevice;
import java.util.Comparator;
import java.util.List;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MtcnnDetectorTest extends FaceDetectorContract {
    private static final MtcnnNetworks NETWORKS = MtcnnNetworks.load(ComputeDevice.CPU);

    private final MtcnnDetector detector = new MtcnnDetector(NETWORKS, MtcnnSettings.DEFAULT);

    @Override
    protected FaceDetector detector() {
        return detector;
    }

    @AfterEach
    void closeDetector() {
        detector.close();
    }

    @AfterAll
    static void closeNetworks() {
        NETWORKS.close();
    }

    @Test
    void facesComeMostConfidentFirstAndTheSameEveryTime() {
        try (Picture crowd = SharedData.crowd(SharedData.lfwPhotos(12), 4)) {
            List<DetectedFace> faces = detector.detect(crowd);

            assertThat(faces).hasSizeGreaterThanOrEqualTo(11);
            assertThat(faces)
                    .isSortedAccordingTo(
                            Comparator.comparing(DetectedFace::confidence).reversed());
            assertThat(detector.detect(crowd)).isEqualTo(faces);
            try (MtcnnDetector another = new MtcnnDetector(NETWORKS, MtcnnSettings.DEFAULT)) {
                assertThat(another.detect(crowd)).isEqualTo(faces);
            }
        }
    }

    @Test
    void picturesWithoutAFaceHaveNone() {
        try (Picture black = new Picture(new Mat(240, 320, CV_8UC3, new Scalar(0, 0, 0, 0)));
                Picture blobs = SyntheticPictures.blobs(320, 240, 1);
                Picture noise = SyntheticPictures.noise(320, 240, 1)) {
            assertThat(detector.detect(black)).isEmpty();
            assertThat(detector.detect(blobs)).isEmpty();
            assertThat(detector.detect(noise)).isEmpty();
        }
    }

    @Test
    void picturesTooSmallForAFaceHaveNone() {
        try (Picture pixel = SyntheticPictures.noise(1, 1, 1);
                Picture line = SyntheticPictures.noise(500, 1, 1);
                Picture justTooSmall = SyntheticPictures.noise(39, 39, 1);
                Picture justLargeEnough = SyntheticPictures.noise(40, 40, 1)) {
            assertThat(detector.detect(pixel)).isEmpty();
            assertThat(detector.detect(line)).isEmpty();
            assertThat(detector.detect(justTooSmall)).isEmpty();
            assertThat(detector.detect(justLargeEnough)).isEmpty();
        }
    }

    /** With no thresholds every window is a candidate: as bad as any picture can be. */
    @Test
    void howeverManyWindowsLookLikeFacesTheWorkIsBounded() {
        MtcnnSettings credulous = new MtcnnSettings(12, 0, 0, 0, 0, 0.709f);
        try (Picture noise = SyntheticPictures.noise(320, 240, 1);
                MtcnnDetector believer = new MtcnnDetector(NETWORKS, credulous)) {
            List<DetectedFace> faces = believer.detect(noise);

            assertThat(faces).hasSizeBetween(1, 500).allSatisfy(face -> {
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
                .isThrownBy(() -> MtcnnSettings.DEFAULT.withSmallestFace(11))
                .withMessageContaining("11");
        assertThatIllegalArgumentException().isThrownBy(() -> MtcnnSettings.DEFAULT.withOutputThreshold(1.1f));
        assertThatIllegalArgumentException().isThrownBy(() -> new MtcnnSettings(40, 0.6f, 0.7f, 0.7f, 0.9f, 1));
    }
}
