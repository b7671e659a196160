package io.facestream.gallery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.facestream.faces.Box;
import io.facestream.faces.DetectedFace;
import io.facestream.faces.FaceDetector;
import io.facestream.faces.FaceFinder;
import io.facestream.faces.FaceView;
import io.facestream.faces.Landmarks;
import io.facestream.faces.Point;
import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import io.facestream.frames.Picture;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import io.facestream.frames.TestPictures;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.awt.Color;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnrolmentGateTest {
    private static final byte[] PHOTO =
            TestPictures.encode(TestPictures.halves(400, 300, Color.RED, Color.BLUE), "png");

    @Test
    void aPhotoWithoutAFaceIsRejected() {
        assertThat(reasonFor(gate(), PHOTO)).isEqualTo(EnrolmentReason.NO_FACE);
    }

    @Test
    void aPhotoThatIsNoPictureIsRejected() {
        assertThat(reasonFor(gate(face(50)), "<html>".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(EnrolmentReason.UNDECODABLE);
        assertThat(reasonFor(gate(face(50)), new byte[0])).isEqualTo(EnrolmentReason.UNDECODABLE);
    }

    @Test
    void theOnlyFaceIsTaken() throws Exception {
        try (FaceView view = gate(face(50)).find(PHOTO)) {
            assertThat(view.face().box().width()).isEqualTo(50);
        }
    }

    /** Sides of 100 and 50: areas of 4 to 1. */
    @Test
    void aFaceFourTimesLargerThanEveryOtherIsTakenWhereverItComes() throws Exception {
        for (DetectedFace[] faces : new DetectedFace[][] {
            {face(100), face(50), face(20)}, {face(50), face(100), face(20)}, {face(20), face(50), face(100)}
        }) {
            try (FaceView view = gate(faces).find(PHOTO)) {
                assertThat(view.face().box().width()).isEqualTo(100);
                assertThat(view.chip().rgb().isNull()).isFalse();
            }
        }
    }

    @Test
    void ofFacesOfLikeSizeNoneIsTaken() {
        assertThat(reasonFor(gate(face(100), face(51)), PHOTO)).isEqualTo(EnrolmentReason.SEVERAL_FACES);
        assertThat(reasonFor(gate(face(51), face(20), face(100)), PHOTO)).isEqualTo(EnrolmentReason.SEVERAL_FACES);
    }

    @Test
    void aDetectorThatFailsOnAPhotoRejectsIt() {
        EnrolmentGate gate = gate(new FaceDetector() {
            @Override
            public List<DetectedFace> detect(Picture picture) {
                throw new IllegalStateException("as if the network had failed");
            }

            @Override
            public void close() {}
        });

        assertThat(reasonFor(gate, PHOTO)).isEqualTo(EnrolmentReason.UNDECODABLE);
    }

    @Test
    void aSmallOrABlurredFaceIsBelowTheGate() {
        EnrolmentGate gate = gate();

        assertThat(gate.check(quality(40, 20))).isEmpty();
        assertThat(gate.check(quality(39.9f, 20)))
                .hasValueSatisfying(rejection -> assertThat(rejection.reason()).isEqualTo(EnrolmentReason.TOO_SMALL));
        assertThat(gate.check(quality(40, 19.9f)))
                .hasValueSatisfying(rejection -> assertThat(rejection.reason()).isEqualTo(EnrolmentReason.TOO_BLURRED));
    }

    private static EnrolmentReason reasonFor(EnrolmentGate gate, byte[] photo) {
        EnrolmentRejection rejection = catchThrowableOfType(
                EnrolmentRejection.class, () -> gate.find(photo).close());
        assertThat(rejection).isNotNull();
        return rejection.reason();
    }

    private static Quality quality(float size, float sharpness) {
        return new Quality(size, sharpness, 128, new Pose(0, 0, 0), null);
    }

    /** A square face in the picture's corner. */
    private static DetectedFace face(float side) {
        Landmarks landmarks = new Landmarks(
                new Point(0.7f * side, 0.4f * side),
                new Point(0.3f * side, 0.4f * side),
                new Point(0.5f * side, 0.6f * side),
                new Point(0.65f * side, 0.8f * side),
                new Point(0.35f * side, 0.8f * side));
        return new DetectedFace(new Box(0, 0, side, side), landmarks, 0.99f);
    }

    private static EnrolmentGate gate(DetectedFace... faces) {
        return gate(new FaceDetector() {
            @Override
            public List<DetectedFace> detect(Picture picture) {
                return Arrays.asList(faces);
            }

            @Override
            public void close() {}
        });
    }

    private static EnrolmentGate gate(FaceDetector detector) {
        PictureBounds bounds = new PictureBounds() {
            @Override
            public int maxBytes() {
                return 1 << 20;
            }

            @Override
            public long maxPixels() {
                return 1_000_000;
            }
        };
        EnrolmentConfig config = new SmallRyeConfigBuilder()
                .withMapping(EnrolmentConfig.class)
                .build()
                .getConfigMapping(EnrolmentConfig.class);
        return new EnrolmentGate(new PictureDecoder(bounds), new FaceFinder(detector), config);
    }
}
