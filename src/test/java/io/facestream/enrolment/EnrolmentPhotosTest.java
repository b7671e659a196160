package io.facestream.enrolment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.opencv.global.opencv_core.ROTATE_180;
import static org.bytedeco.opencv.global.opencv_core.ROTATE_90_CLOCKWISE;
import static org.bytedeco.opencv.global.opencv_core.ROTATE_90_COUNTERCLOCKWISE;
import static org.bytedeco.opencv.global.opencv_core.rotate;
import static org.bytedeco.opencv.global.opencv_imgcodecs.IMREAD_COLOR;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imdecode;
import static org.bytedeco.opencv.global.opencv_imgcodecs.imencode;
import static org.bytedeco.opencv.global.opencv_imgproc.INTER_AREA;
import static org.bytedeco.opencv.global.opencv_imgproc.resize;

import io.facestream.SharedData;
import io.facestream.detection.DetectionConfig;
import io.facestream.detection.FaceDetectors;
import io.facestream.faces.Box;
import io.facestream.faces.FaceFinder;
import io.facestream.faces.FaceView;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import io.facestream.frames.TestPictures;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.Size;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What enrolment makes of real photos that were spoilt as people and programs spoil them, with the shipped detector.
 */
class EnrolmentPhotosTest {
    private static final byte[] GRACE = TestPictures.sample("people/Grace_Hopper/us-navy.jpg");
    private static final int PHOTOS = 40;

    /** Beyond the edge of every portrait. */
    private static final int FAR = 10_000;

    private static FaceDetectors detectors;
    private static EnrolmentGate gate;

    @BeforeAll
    static void load() {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withMapping(DetectionConfig.class)
                .withMapping(EnrolmentConfig.class)
                .withMapping(PictureBounds.class)
                .build();
        detectors = FaceDetectors.load(config.getConfigMapping(DetectionConfig.class));
        gate = new EnrolmentGate(
                new PictureDecoder(config.getConfigMapping(PictureBounds.class)),
                new FaceFinder(detectors.detector()),
                config.getConfigMapping(EnrolmentConfig.class),
                DetectionConfig.Detector.MTCNN);
    }

    @AfterAll
    static void close() {
        detectors.close();
    }

    @Test
    void aPhotoUpsideDownIsToldAsSuch() {
        assertThat(rejection(turned(GRACE, ROTATE_180))).hasValueSatisfying(rejection -> {
            assertThat(rejection.reason()).isEqualTo(EnrolmentReason.TURNED);
            assertThat(rejection).hasMessage("turned by 180 degrees");
        });
        assertThat(rejection(turned(GRACE, ROTATE_90_COUNTERCLOCKWISE)))
                .hasValueSatisfying(
                        rejection -> assertThat(rejection).hasMessage("turned by 90 degrees: turn it clockwise"));
        assertThat(rejection(GRACE)).isEmpty();
    }

    /** As photos are that were saved anew after a part of them was lost. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "people/Grace_Hopper/us-navy.jpg",
                "people/Eileen_Collins/nasa.jpg",
                "people/John_Ousterhout/tk.jpg",
                "strangers/Aksel_Andersson/print.jpg"
            })
    void aPortraitOfWhichAHalfOfTheFaceIsPaintedOverIsDamaged(String name) throws Exception {
        byte[] portrait = TestPictures.sample(name);
        assertThat(rejection(portrait)).isEmpty();
        Box box;
        try (FaceView view = gate.find(portrait)) {
            box = view.face().box();
        }
        int x = Math.round(box.x() + box.width() / 2);
        int y = Math.round(box.y() + box.height() / 2);
        for (Color color : new Color[] {Color.GRAY, new Color(0, 135, 0), Color.BLACK}) {
            for (Rectangle half : new Rectangle[] {
                new Rectangle(0, 0, FAR, y), new Rectangle(0, y, FAR, FAR),
                new Rectangle(0, 0, x, FAR), new Rectangle(x, 0, FAR, FAR)
            }) {
                assertThat(rejection(paintedOver(portrait, half, color)))
                        .as("%s over %s", color, half)
                        .hasValueSatisfying(rejection -> assertThat(rejection.reason())
                                .isIn(EnrolmentReason.DAMAGED, EnrolmentReason.TURNED, EnrolmentReason.NO_FACE));
            }
        }
        assertThat(rejection(paintedOver(portrait, new Rectangle(0, y, FAR, FAR), Color.GRAY)))
                .hasValueSatisfying(rejection -> {
                    assertThat(rejection.reason()).isEqualTo(EnrolmentReason.DAMAGED);
                    assertThat(rejection.getMessage()).matches("a flat area covers [1-6]\\d % of the face: .*");
                });
    }

    @Test
    void noGoodPhotoIsTakenForASpoiltOne() throws Exception {
        for (Path photo : SharedData.lfwPhotos(PHOTOS)) {
            assertThat(rejection(Files.readAllBytes(photo)).map(EnrolmentRejection::reason))
                    .as(photo.toString())
                    .isNotIn(
                            Optional.of(EnrolmentReason.DAMAGED),
                            Optional.of(EnrolmentReason.TURNED),
                            Optional.of(EnrolmentReason.CUT_OFF),
                            Optional.of(EnrolmentReason.SQUASHED));
        }
    }

    @Test
    void everyTurnedPhotoIsRejected() throws Exception {
        for (int rotation : new int[] {ROTATE_180, ROTATE_90_CLOCKWISE, ROTATE_90_COUNTERCLOCKWISE}) {
            assertThat(rejected(photo -> turned(photo, rotation))).isEqualTo(PHOTOS);
        }
    }

    @Test
    void nearlyEveryPhotoThatWasSqueezedToHalfIsRejected() throws Exception {
        assertThat(rejected(photo -> squeezed(photo, 0.5, 1))).isGreaterThanOrEqualTo(PHOTOS - 3);
        assertThat(rejected(photo -> squeezed(photo, 1, 0.5))).isGreaterThanOrEqualTo(PHOTOS - 3);
    }

    /** Through forehead, chin and cheeks of faces in the photo's middle. */
    @Test
    void nearlyEveryPhotoThatCutsTheFaceIsRejected() throws Exception {
        assertThat(rejected(photo -> part(photo, 0, 0.45, 1, 1))).isGreaterThanOrEqualTo(PHOTOS - 3);
        assertThat(rejected(photo -> part(photo, 0, 0, 1, 0.55))).isGreaterThanOrEqualTo(PHOTOS - 3);
        assertThat(rejected(photo -> part(photo, 0.45, 0, 1, 1))).isGreaterThanOrEqualTo(PHOTOS - 3);
        assertThat(rejected(photo -> part(photo, 0, 0, 0.55, 1))).isGreaterThanOrEqualTo(PHOTOS - 3);
    }

    private static long rejected(UnaryOperator<byte[]> spoiling) throws Exception {
        List<Path> photos = SharedData.lfwPhotos(PHOTOS);
        long count = 0;
        for (Path photo : photos) {
            if (rejection(spoiling.apply(Files.readAllBytes(photo))).isPresent()) {
                count++;
            }
        }
        return count;
    }

    private static Optional<EnrolmentRejection> rejection(byte[] photo) {
        try {
            gate.find(photo).close();
            return Optional.empty();
        } catch (EnrolmentRejection e) {
            return Optional.of(e);
        }
    }

    private static byte[] turned(byte[] photo, int rotation) {
        return edited(photo, (from, to) -> rotate(from, to, rotation));
    }

    private static byte[] squeezed(byte[] photo, double width, double height) {
        return edited(photo, (from, to) -> resize(from, to, new Size(), width, height, INTER_AREA));
    }

    private static byte[] part(byte[] photo, double left, double top, double right, double bottom) {
        return edited(photo, (from, to) -> {
            int x = (int) (left * from.cols());
            int y = (int) (top * from.rows());
            try (Rect part = new Rect(x, y, (int) (right * from.cols()) - x, (int) (bottom * from.rows()) - y)) {
                from.apply(part).copyTo(to);
            }
        });
    }

    private static byte[] paintedOver(byte[] photo, Rectangle area, Color color) {
        BufferedImage image = TestPictures.image(photo);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(color);
        graphics.fill(area);
        graphics.dispose();
        return TestPictures.encode(image, "jpg");
    }

    private interface Edit {
        void apply(Mat from, Mat to);
    }

    private static byte[] edited(byte[] photo, Edit edit) {
        try (BytePointer bytes = new BytePointer(photo);
                Mat encoded = new Mat(1, photo.length, org.bytedeco.opencv.global.opencv_core.CV_8UC1, bytes);
                Mat image = imdecode(encoded, IMREAD_COLOR);
                Mat edited = new Mat();
                BytePointer png = new BytePointer()) {
            edit.apply(image, edited);
            imencode(".png", edited, png);
            byte[] result = new byte[(int) png.limit()];
            png.get(result);
            return result;
        }
    }
}
