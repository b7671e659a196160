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

    private static final Landmarks TILTED = new Landmarks(
            TILT.apply(FaceAligner.TEMPLATE.leftEye()),
            TILT.apply(FaceAligner.TEMPLATE.rightEye()),
            TILT.apply(FaceAligner.TEMPLATE.nose()),
            TILT.apply(FaceAligner.TEMPLATE.leftMouth()),
            TILT.apply(FaceAligner.TEMPLATE.rightMouth()));

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

    /** A blot in the picture must have its centre at (x, y) in the chip. */
    private static void assertLandsOn(Point point, float x, float y) {
        try (Picture picture = new Picture(new Mat(400, 400, CV_8UC3, new Scalar(0, 0, 0, 0)))) {
            blot(picture, point);
            try (Picture chip = FaceAligner.align(picture, TILTED)) {
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
    }

    /** Paints a Gaussian of 3 px around a point that may lie between pixels. */
    private static void blot(Picture picture, Point centre) {
        ByteBuffer pixels = picture.rgb().createBuffer();
        for (int row = 0; row < picture.height(); row++) {
            for (int column = 0; column < picture.width(); column++) {
                double squaredDistance = Math.pow(column - centre.x(), 2) + Math.pow(row - centre.y(), 2);
                byte brightness = (byte) Math.round(255 * Math.exp(-squaredDistance / 18));
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
