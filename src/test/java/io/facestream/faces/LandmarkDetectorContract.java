package io.facestream.faces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.opencv.global.opencv_core.flip;

import io.facestream.SharedData;
import io.facestream.frames.Picture;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.junit.jupiter.api.Test;

/** What a detector does whose landmarks are its own. */
public abstract class LandmarkDetectorContract extends DetectorContract {
    @Override
    protected Reach reach() {
        return new Reach(198, 200);
    }

    @Test
    public void leftIsTheSubjectsOwn() {
        try (Picture picture = SharedData.read(SharedData.lfwPhotos(1).get(0))) {
            Landmarks landmarks = detector().detect(picture).get(0).landmarks();

            assertThat(landmarks.leftEye().x())
                    .isGreaterThan(landmarks.rightEye().x());
            assertThat(landmarks.leftMouth().x())
                    .isGreaterThan(landmarks.rightMouth().x());
            assertThat(landmarks.leftEye().y()).isLessThan(landmarks.nose().y());
            assertThat(landmarks.nose().y()).isLessThan(landmarks.leftMouth().y());
        }
    }

    @Test
    public void inTheMirrorImageTheFaceIsMirroredToo() {
        Mat mirrored = new Mat();
        try (Picture picture = SharedData.read(SharedData.lfwPhotos(1).get(0))) {
            flip(picture.rgb(), mirrored, 1);
        }
        try (Picture picture = SharedData.read(SharedData.lfwPhotos(1).get(0));
                Picture mirror = new Picture(mirrored)) {
            Landmarks landmarks = detector().detect(picture).get(0).landmarks();
            Landmarks inMirror = detector().detect(mirror).get(0).landmarks();

            assertMirrored(landmarks.leftEye(), inMirror.rightEye(), picture.width());
            assertMirrored(landmarks.rightEye(), inMirror.leftEye(), picture.width());
            assertMirrored(landmarks.nose(), inMirror.nose(), picture.width());
            assertMirrored(landmarks.leftMouth(), inMirror.rightMouth(), picture.width());
            assertMirrored(landmarks.rightMouth(), inMirror.leftMouth(), picture.width());
        }
    }

    @Test
    public void aFaceCutOffByTheEdgeIsFoundAndItsBoxEndsThere() {
        try (Picture photo = SharedData.read(SharedData.lfwPhotos(1).get(0));
                Rect withoutTheLeft = new Rect(80, 0, 170, 250);
                Picture picture = new Picture(photo.rgb().apply(withoutTheLeft).clone())) {
            Box box = detector().detect(picture).get(0).box();

            assertThat(box.x()).isZero();
            assertThat(box.x() + box.width()).isLessThan(170);
        }
    }

    private static void assertMirrored(Point point, Point inMirror, int width) {
        assertThat(inMirror.x()).isCloseTo(width - point.x(), within(3f));
        assertThat(inMirror.y()).isCloseTo(point.y(), within(3f));
    }
}
