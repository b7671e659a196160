package io.facestream.faces.rfb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_CUBIC;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import io.facestream.SharedData;
import io.facestream.SyntheticPictures;
import io.facestream.faces.Box;
import io.facestream.faces.DetectedFace;
import io.facestream.faces.FaceDetector;
import io.facestream.faces.FaceDetectorContract;
import io.facestream.frames.Picture;
import io.facestream.networks.ComputeDevice;
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

class RfbDetectorTest extends FaceDetectorContract {
    private static final RfbNetworks NETWORKS = RfbNetworks.load(ComputeDevice.CPU);

    /** The face in the photo of Grace Hopper, in pixels. */
    private static final int FACE_MIDDLE = 267;

    private static final int FACE_TOP = 110;
    private static final int FACE_WIDTH = 182;
    private static final int FACE_HEIGHT = 227;

    private final RfbDetector detector = new RfbDetector(NETWORKS, RfbSettings.DEFAULT);

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

    /** The proposing network's largest anchor has 256 px, and such a face in full HD 430. */
    @ParameterizedTest
    @ValueSource(strings = {"250x250", "640x480", "1920x1080", "3840x2160"})
    void aFaceThatFillsTheFrameIsFound(String size) {
        int width = Integer.parseInt(size.split("x")[0]);
        int height = Integer.parseInt(size.split("x")[1]);
        int shownWidth = FACE_HEIGHT * width / height;
        Mat frame = new Mat();
        try (Picture photo = SharedData.read(Path.of("src/main/resources/demo/people/Grace_Hopper/us-navy.jpg"));
                Rect around = new Rect(FACE_MIDDLE - shownWidth / 2, FACE_TOP, shownWidth, FACE_HEIGHT);
                Mat shown = photo.rgb().apply(around);
                Size whole = new Size(width, height)) {
            resize(shown, frame, whole, 0, 0, INTER_CUBIC);
        }
        try (Picture picture = new Picture(frame)) {
            float scale = (float) height / FACE_HEIGHT;
            Box expected = new Box((width - FACE_WIDTH * scale) / 2, 0, FACE_WIDTH * scale, height);

            assertThat(detector.detect(picture).get(0).box().intersectionOverUnion(expected))
                    .isGreaterThan(0.6f);
        }
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
            try (RfbDetector another = new RfbDetector(NETWORKS, RfbSettings.DEFAULT)) {
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

    /** With no thresholds every anchor is proposed: as bad as any picture can be. */
    @Test
    void howeverManyAnchorsLookLikeFacesTheWorkIsBounded() {
        RfbSettings credulous = new RfbSettings(12, 0, 0);
        try (Picture photo = SharedData.read(Path.of("src/main/resources/demo/people/Grace_Hopper/us-navy.jpg"));
                RfbDetector believer = new RfbDetector(NETWORKS, credulous)) {
            List<DetectedFace> faces = believer.detect(photo);

            assertThat(faces).hasSizeBetween(1, 500).allSatisfy(face -> {
                assertThat(face.box().x()).isGreaterThanOrEqualTo(0);
                assertThat(face.box().y()).isGreaterThanOrEqualTo(0);
                assertThat(face.box().x() + face.box().width()).isLessThanOrEqualTo(photo.width() + 0.001f);
                assertThat(face.box().y() + face.box().height()).isLessThanOrEqualTo(photo.height() + 0.001f);
            });
        }
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RfbSettings.DEFAULT.withSmallestFace(11))
                .withMessageContaining("11");
        assertThatIllegalArgumentException().isThrownBy(() -> RfbSettings.DEFAULT.withConfidence(1.1f));
        assertThatIllegalArgumentException().isThrownBy(() -> RfbSettings.DEFAULT.withProposalThreshold(-0.1f));
        assertThatIllegalArgumentException().isThrownBy(() -> RfbSettings.DEFAULT.withConfidence(Float.NaN));
    }
}
