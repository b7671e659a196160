package io.facestream.faces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import io.facestream.frames.Picture;
import java.nio.ByteBuffer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.junit.jupiter.api.Test;

class FaceAlignerTest {
    /** Brings the template to where a face is half as large again, tilted by 20 degrees, somewhere in a picture. */
    private static final SimilarityTransform TILT =
            new SimilarityTransform(1.5 * Math.cos(Math.toRadians(20)), 1.5 * Math.sin(Math.toRadians(20)), 150, 40);

    private static final Landmarks TILTED = transformed(FaceAligner.TEMPLATE, TILT);

    /** ArcFace's numbers for 112x112, moved by 24 px. */
    @Test
    void theFivePointsLandOnTheTemplate() {
        assertLandsOn(TILTED.leftEye(), 73.5318f + 24, 51.5014f + 24);
        assertLandsOn(TILTED.rightEye(), 38.2946f + 24, 51.6963f + 24);
        assertLandsOn(TILTED.nose(), 56.0252f + 24, 71.7366f + 24);
        assertLandsOn(TILTED.leftMouth(), 70.7299f + 24, 92.2041f + 24);
        assertLandsOn(TILTED.rightMouth(), 41.5493f + 24, 92.3655f + 24);
    }

    @Test
    void aChipIsBlackBeyondThePicture() {
        try (Picture picture = new Picture(new Mat(110, 110, CV_8UC3, new Scalar(200, 200, 200, 0)));
                Picture chip = FaceAligner.align(picture, FaceAligner.TEMPLATE)) {
            ByteBuffer pixels = chip.rgb().createBuffer();
            assertThat(chip.width()).isEqualTo(160);
            assertThat(chip.height()).isEqualTo(160);
            assertThat(brightness(pixels, 100, 100)).isEqualTo(200);
            assertThat(brightness(pixels, 100, 115)).isZero();
        }
    }

    @Test
    void thePixelsOfALargeFaceAreAveragedNotPicked() {
        try (Picture chequered = new Picture(new Mat(1200, 1200, CV_8UC3));
                Picture chip = FaceAligner.align(chequered(chequered), enlarged(7))) {
            ByteBuffer pixels = chip.rgb().createBuffer();
            for (int row = 30; row < 130; row++) {
                for (int column = 30; column < 130; column++) {
                    assertThat(brightness(pixels, column, row)).isBetween(110, 145);
                }
            }
        }
    }

    @Test
    void aLargeFaceLandsOnTheTemplateToo() {
        Landmarks large = enlarged(7);
        try (Picture picture = new Picture(new Mat(1200, 1200, CV_8UC3, new Scalar(0, 0, 0, 0)))) {
            blot(picture, large.nose(), 20);
            assertCentre(picture, large, 56.0252f + 24, 71.7366f + 24);
        }
    }

    @Test
    void landmarksFarOutsideThePictureGiveABlackChip() {
        try (Picture picture = new Picture(new Mat(50, 50, CV_8UC3, new Scalar(200, 200, 200, 0)));
                Picture chip = FaceAligner.align(picture, moved(enlarged(5), 9_000))) {
            assertThat(brightness(chip.rgb().createBuffer(), 80, 80)).isZero();
        }
    }

    /** A blot in the picture must have its centre at (x, y) in the chip. */
    private static void assertLandsOn(Point point, float x, float y) {
        try (Picture picture = new Picture(new Mat(400, 400, CV_8UC3, new Scalar(0, 0, 0, 0)))) {
            blot(picture, point, 3);
            assertCentre(picture, TILTED, x, y);
        }
    }

    private static void assertCentre(Picture picture, Landmarks landmarks, float x, float y) {
        try (Picture chip = FaceAligner.align(picture, landmarks)) {
            ByteBuffer pixels = chip.rgb().createBuffer();
            double sum = 0;
            double sumX = 0;
            double sumY = 0;
            for (int row = 0; row < 160; row++) {
                for (int column = 0; column < 160; column++) {
                    int brightness = brightness(pixels, column, row);
                    sum += brightness;
                    sumX += brightness * column;
                    sumY += brightness * row;
                }
            }
            assertThat(sumX / sum).isCloseTo(x, within(0.1));
            assertThat(sumY / sum).isCloseTo(y, within(0.1));
        }
    }

    /** The template, so many times as large. */
    private static Landmarks enlarged(int factor) {
        return transformed(FaceAligner.TEMPLATE, new SimilarityTransform(factor, 0, 0, 0));
    }

    private static Landmarks moved(Landmarks landmarks, int distance) {
        return transformed(landmarks, new SimilarityTransform(1, 0, distance, distance));
    }

    private static Landmarks transformed(Landmarks landmarks, SimilarityTransform transform) {
        return new Landmarks(
                transform.apply(landmarks.leftEye()),
                transform.apply(landmarks.rightEye()),
                transform.apply(landmarks.nose()),
                transform.apply(landmarks.leftMouth()),
                transform.apply(landmarks.rightMouth()));
    }

    /** Black and white by turns, pixel by pixel. */
    private static Picture chequered(Picture picture) {
        ByteBuffer pixels = picture.rgb().createBuffer();
        for (int i = 0; i < picture.width() * picture.height(); i++) {
            byte brightness = (byte) ((i % picture.width() + i / picture.width()) % 2 * 255);
            pixels.put(3 * i, brightness).put(3 * i + 1, brightness).put(3 * i + 2, brightness);
        }
        return picture;
    }

    /** Paints a Gaussian of that standard deviation in pixels around a point that may lie between pixels. */
    private static void blot(Picture picture, Point centre, double deviation) {
        ByteBuffer pixels = picture.rgb().createBuffer();
        for (int row = 0; row < picture.height(); row++) {
            for (int column = 0; column < picture.width(); column++) {
                double squaredDistance = Math.pow(column - centre.x(), 2) + Math.pow(row - centre.y(), 2);
                byte brightness = (byte) Math.round(255 * Math.exp(-squaredDistance / (2 * deviation * deviation)));
                for (int channel = 0; channel < 3; channel++) {
                    pixels.put((row * picture.width() + column) * 3 + channel, brightness);
                }
            }
        }
    }

    private static int brightness(ByteBuffer chip, int column, int row) {
        return chip.get((row * 160 + column) * 3) & 0xFF;
    }
}
