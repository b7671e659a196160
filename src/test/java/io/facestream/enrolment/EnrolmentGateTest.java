package io.facestream.enrolment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.facestream.detection.DetectionConfig;
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
import io.facestream.models.ModelVersion;
import io.facestream.models.ShippedModel;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EnrolmentGateTest {
    private static final ModelVersion SHIPPED = ShippedModel.version(ShippedModel.weights());
    private static final byte[] PHOTO =
            TestPictures.encode(speckled(TestPictures.halves(400, 300, Color.RED, Color.BLUE)), "png");

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

        assertThat(gate.check(quality(40, 20), SHIPPED)).isEmpty();
        assertThat(gate.check(quality(39.9f, 20), SHIPPED))
                .hasValueSatisfying(rejection -> assertThat(rejection.reason()).isEqualTo(EnrolmentReason.TOO_SMALL));
        assertThat(gate.check(quality(40, 19.9f), SHIPPED))
                .hasValueSatisfying(rejection -> assertThat(rejection.reason()).isEqualTo(EnrolmentReason.TOO_BLURRED));
    }

    @Test
    void anEmbeddingThatIsShorterThanOfNearlyAnyGoodPhotoIsBelowTheGate() {
        EnrolmentGate gate = gate();

        assertThat(gate.check(quality(40, 20).withNorm(46), SHIPPED)).isEmpty();
        assertThat(gate.check(quality(40, 20).withNorm(45.8f), SHIPPED)).hasValueSatisfying(rejection -> {
            assertThat(rejection.reason()).isEqualTo(EnrolmentReason.LOW_NORM);
            assertThat(rejection).hasMessageContaining("45.8").hasMessageContaining("facestream.enrolment.min-norm");
        });
    }

    @Test
    void aFaceThatThePhotosEdgeCutsIsRejected() {
        assertThat(reasonFor(gate(faceAt(-12, 50, 60, 80)), PHOTO)).isEqualTo(EnrolmentReason.CUT_OFF);
        assertThat(reasonFor(gate(faceAt(100, -28, 60, 80)), PHOTO)).isEqualTo(EnrolmentReason.CUT_OFF);
        assertThat(reasonFor(gate(faceAt(358, 50, 60, 80)), PHOTO)).isEqualTo(EnrolmentReason.CUT_OFF);
        assertThat(reasonFor(gate(faceAt(100, 240, 60, 80)), PHOTO)).isEqualTo(EnrolmentReason.CUT_OFF);
    }

    @Test
    void aFaceThatIsTooNarrowOrTooWideIsRejectedWhereTheDetectorsBoxesTellIt() {
        assertThat(reasonFor(gate(faceAt(100, 50, 40, 80)), PHOTO)).isEqualTo(EnrolmentReason.SQUASHED);
        assertThat(reasonFor(gate(faceAt(100, 50, 80, 80)), PHOTO)).isEqualTo(EnrolmentReason.SQUASHED);
        EnrolmentGate hog = gate(detecting(faceAt(100, 50, 80, 80)), DetectionConfig.Detector.HOG);
        assertThatCode(() -> hog.find(PHOTO).close()).doesNotThrowAnyException();
    }

    @Test
    void aFaceOfWhichMuchIsOfOneColourIsRejectedWithItsShare() {
        EnrolmentGate gate = gate(faceAt(96, 80, 96, 128));

        assertThatExceptionOfType(EnrolmentRejection.class)
                .isThrownBy(() -> gate.find(painted(0, 144, 400, 156, 0)).close())
                .withMessage("a flat area covers 56 % of the face: take a photo that shows all of it")
                .satisfies(rejection -> assertThat(rejection.reason()).isEqualTo(EnrolmentReason.DAMAGED));
        assertThat(reasonFor(gate, painted(96, 80, 48, 64, 12))).isEqualTo(EnrolmentReason.DAMAGED);
    }

    /** Sunglasses, a part of the background, a smooth cheek. */
    @Test
    void aSmallFlatAreaOrOneThatIsNotOfOneColourIsNoDamage() {
        EnrolmentGate gate = gate(faceAt(96, 80, 96, 128));

        assertThatCode(() -> gate.find(painted(102, 120, 80, 8, 0)).close()).doesNotThrowAnyException();
        assertThatCode(() -> gate.find(painted(0, 0, 101, 300, 0)).close()).doesNotThrowAnyException();
        assertThatCode(() -> gate.find(painted(96, 144, 96, 64, 80)).close()).doesNotThrowAnyException();
    }

    @Test
    void aFaceOfAFewPixelsIsNotSearchedForFlatAreas() {
        assertThatCode(() -> gate(face(8)).find(painted(0, 0, 400, 300, 0)).close())
                .doesNotThrowAnyException();
    }

    @Test
    void aPhotoThatShowsAClearFaceOnlyWhenItIsTurnedIsRejectedWithTheWayToTurnIt() {
        Color[] up = {Color.RED, Color.BLUE};
        for (float doubtful : new float[] {0, 0.9f, 0.99f}) {
            EnrolmentGate gate = gate(redOnTop(doubtful), DetectionConfig.Detector.MTCNN);
            byte[] upright = TestPictures.encode(speckled(TestPictures.halves(300, 300, up[0], up[1])), "png");
            byte[] upsideDown = TestPictures.encode(speckled(TestPictures.halves(300, 300, up[1], up[0])), "png");

            assertThatCode(() -> gate.find(upright).close()).doesNotThrowAnyException();
            assertThatExceptionOfType(EnrolmentRejection.class)
                    .isThrownBy(() -> gate.find(upsideDown).close())
                    .withMessage("turned by 180 degrees")
                    .satisfies(rejection -> assertThat(rejection.reason()).isEqualTo(EnrolmentReason.TURNED));
        }
    }

    @Test
    void severalFacesNameTheSettingThatDecides() {
        assertThatExceptionOfType(EnrolmentRejection.class)
                .isThrownBy(() -> gate(face(100), face(51)).find(PHOTO).close())
                .withMessageContaining("facestream.enrolment.dominance");
    }

    /** A clear face where the picture is red on top, a doubtful one or none elsewhere. */
    private static FaceDetector redOnTop(float doubtful) {
        return new FaceDetector() {
            @Override
            public List<DetectedFace> detect(Picture picture) {
                boolean red = (picture.rgb().ptr(5, picture.width() / 2).get() & 0xff) > 128;
                DetectedFace face = faceAt(100, 100, 60, 80);
                float confidence = red ? 0.9999f : doubtful;
                return confidence == 0
                        ? List.of()
                        : List.of(new DetectedFace(face.box(), face.landmarks(), confidence));
            }

            @Override
            public void close() {}
        };
    }

    private static BufferedImage speckled(BufferedImage image) {
        Random random = new Random(1);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                image.setRGB(x, y, image.getRGB(x, y) ^ random.nextInt(64));
            }
        }
        return image;
    }

    /** The photo, a rectangle of it grey, by so much lighter at its right edge. */
    private static byte[] painted(int left, int top, int width, int height, int slope) {
        BufferedImage image = TestPictures.image(PHOTO);
        for (int y = top; y < top + height; y++) {
            for (int x = left; x < left + width; x++) {
                int level = 128 + slope * (x - left) / width;
                image.setRGB(x, y, new Color(level, level, level).getRGB());
            }
        }
        return TestPictures.encode(image, "png");
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

    /** As wide as that, and of the usual height. */
    private static DetectedFace face(float side) {
        return faceAt(120, 90, side, side / 0.75f);
    }

    private static DetectedFace faceAt(float x, float y, float width, float height) {
        Landmarks landmarks = new Landmarks(
                new Point(x + 0.75f * width, y + 0.4f * height),
                new Point(x + 0.25f * width, y + 0.4f * height),
                new Point(x + 0.5f * width, y + 0.58f * height),
                new Point(x + 0.69f * width, y + 0.78f * height),
                new Point(x + 0.31f * width, y + 0.78f * height));
        return new DetectedFace(new Box(x, y, width, height).clippedTo(400, 300), landmarks, 0.999f);
    }

    private static EnrolmentGate gate(DetectedFace... faces) {
        return gate(detecting(faces), DetectionConfig.Detector.MTCNN);
    }

    private static EnrolmentGate gate(FaceDetector detector) {
        return gate(detector, DetectionConfig.Detector.MTCNN);
    }

    private static FaceDetector detecting(DetectedFace... faces) {
        return new FaceDetector() {
            @Override
            public List<DetectedFace> detect(Picture picture) {
                return Arrays.asList(faces);
            }

            @Override
            public void close() {}
        };
    }

    private static EnrolmentGate gate(FaceDetector detector, DetectionConfig.Detector kind) {
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
        return new EnrolmentGate(new PictureDecoder(bounds), new FaceFinder(detector), config, kind);
    }
}
