package io.facestream.faces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import io.facestream.SharedData;
import io.facestream.SyntheticPictures;
import io.facestream.frames.Picture;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every detector does, on photos of LFW with a face in the middle and on pictures without one. */
public abstract class DetectorContract {
    private FaceDetector detector;

    /** How many of so many photos' faces are found at least. */
    public record Reach(int found, int photos) {}

    /** A detector with its default settings, which looks for faces of 40 px and more. */
    protected abstract FaceDetector open();

    /** One without thresholds, to which all looks like a face: as bad as any picture can be. */
    protected abstract FaceDetector openCredulous();

    protected abstract Reach reach();

    @BeforeEach
    void openDetector() {
        detector = open();
    }

    @AfterEach
    void closeDetector() {
        detector.close();
    }

    protected FaceDetector detector() {
        return detector;
    }

    @Test
    public void theFaceInThePictureIsFoundInItsMiddle() {
        int found = 0;
        for (Path photo : SharedData.lfwPhotos(reach().photos())) {
            try (Picture picture = SharedData.read(photo)) {
                found += detector.detect(picture).stream().anyMatch(face -> contains(face.box(), 125, 125)) ? 1 : 0;
            }
        }
        assertThat(found).isGreaterThanOrEqualTo(reach().found());
    }

    @Test
    public void facesComeMostConfidentFirstOnceEachAndTheSameEveryTime() {
        try (Picture crowd = SharedData.crowd(SharedData.lfwPhotos(12), 4)) {
            List<DetectedFace> faces = detector.detect(crowd);

            // Some photos show somebody in the background, too.
            assertThat(faces)
                    .hasSizeBetween(11, 15)
                    .isSortedAccordingTo(
                            Comparator.comparing(DetectedFace::confidence).reversed());
            for (int i = 0; i < 12; i++) {
                float x = i % 4 * 250 + 125;
                float y = i / 4 * 250 + 125;
                assertThat(faces.stream().filter(face -> contains(face.box(), x, y)))
                        .hasSizeLessThanOrEqualTo(1);
            }
            assertThat(detector.detect(crowd)).isEqualTo(faces);
            try (FaceDetector another = open()) {
                assertThat(another.detect(crowd)).isEqualTo(faces);
            }
        }
    }

    @Test
    public void picturesWithoutAFaceHaveNone() {
        try (Picture black = new Picture(new Mat(240, 320, CV_8UC3, new Scalar(0, 0, 0, 0)));
                Picture blobs = SyntheticPictures.blobs(320, 240, 1);
                Picture noise = SyntheticPictures.noise(320, 240, 1)) {
            assertThat(detector.detect(black)).isEmpty();
            assertThat(detector.detect(blobs)).isEmpty();
            assertThat(detector.detect(noise)).isEmpty();
        }
    }

    @Test
    public void picturesTooSmallForAFaceHaveNone() {
        try (Picture pixel = SyntheticPictures.noise(1, 1, 1);
                Picture line = SyntheticPictures.noise(3000, 1, 1);
                Picture justTooSmall = SyntheticPictures.noise(39, 39, 1);
                Picture justLargeEnough = SyntheticPictures.noise(40, 40, 1)) {
            assertThat(detector.detect(pixel)).isEmpty();
            assertThat(detector.detect(line)).isEmpty();
            assertThat(detector.detect(justTooSmall)).isEmpty();
            assertThat(detector.detect(justLargeEnough)).isEmpty();
        }
    }

    @Test
    public void howeverMuchLooksLikeAFaceTheWorkIsBoundedAndBoxesEndWithThePicture() {
        try (Picture photo = SharedData.read(Path.of("src/main/resources/demo/people/Grace_Hopper/us-navy.jpg"));
                FaceDetector credulous = openCredulous()) {
            assertThat(credulous.detect(photo)).hasSizeBetween(1, 500).allSatisfy(face -> {
                assertThat(face.box().x()).isGreaterThanOrEqualTo(0);
                assertThat(face.box().y()).isGreaterThanOrEqualTo(0);
                assertThat(face.box().x() + face.box().width()).isLessThanOrEqualTo(photo.width() + 0.001f);
                assertThat(face.box().y() + face.box().height()).isLessThanOrEqualTo(photo.height() + 0.001f);
            });
        }
    }

    protected static boolean contains(Box box, float x, float y) {
        return box.x() < x && x < box.x() + box.width() && box.y() < y && y < box.y() + box.height();
    }

    protected static float distance(Point one, Point other) {
        return (float) Math.hypot(one.x() - other.x(), one.y() - other.y());
    }
}
