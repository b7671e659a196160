package io.facestream.faces.rfb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_CUBIC;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import io.facestream.SharedData;
import io.facestream.faces.Box;
import io.facestream.faces.FaceDetector;
import io.facestream.faces.LandmarkDetectorContract;
import io.facestream.frames.Picture;
import io.facestream.networks.ComputeDevice;
import java.nio.file.Path;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Size;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RfbDetectorTest extends LandmarkDetectorContract {
    private static final RfbNetworks NETWORKS = RfbNetworks.load(ComputeDevice.CPU);

    /** The face in the photo of Grace Hopper, in pixels. */
    private static final int FACE_MIDDLE = 267;

    private static final int FACE_TOP = 110;
    private static final int FACE_WIDTH = 182;
    private static final int FACE_HEIGHT = 227;

    @Override
    protected FaceDetector open() {
        return new RfbDetector(NETWORKS, RfbSettings.DEFAULT);
    }

    @Override
    protected FaceDetector openCredulous() {
        return new RfbDetector(NETWORKS, new RfbSettings(12, 0, 0));
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

            assertThat(detector().detect(picture).get(0).box().intersectionOverUnion(expected))
                    .isGreaterThan(0.6f);
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
