package io.facestream.faces.mtcnn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.bytedeco.opencv.global.opencv_core.CV_8UC3;

import io.facestream.faces.mtcnn.PicturePyramid.Level;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PicturePyramidTest {
    @ParameterizedTest
    @CsvSource({"640, 480", "480, 640", "1920, 1080", "250, 250", "41, 3000", "3001, 47"})
    void everySizeHasAPlaceOfItsOwnOnEvenPixels(int width, int height) {
        PicturePyramid pyramid = new PicturePyramid(width, height, 0.3, 0.709, 12);

        List<Level> all = new ArrayList<>();
        for (int canvas = 0; canvas < pyramid.canvases(); canvas++) {
            List<Level> levels = pyramid.levels(canvas);
            for (Level level : levels) {
                assertThat(List.of(level.x() % 2, level.y() % 2, level.width() % 2, level.height() % 2))
                        .containsOnly(0);
                assertThat(level.x() + level.width()).isLessThanOrEqualTo(pyramid.width(canvas));
                assertThat(level.y() + level.height()).isLessThanOrEqualTo(pyramid.height(canvas));
                assertThat(levels).filteredOn(other -> overlap(level, other)).containsExactly(level);
            }
            all.addAll(levels);
        }
        assertThat(all.get(0).width()).isCloseTo((int) Math.round(width * 0.3), within(1));
        assertThat(all).hasSize((int) (Math.log(12 / (Math.min(width, height) * 0.3)) / Math.log(0.709)) + 1);
    }

    @Test
    void aPictureTooSmallForTheNetworkHasNoSizes() {
        assertThat(new PicturePyramid(39, 5000, 0.3, 0.709, 12).canvases()).isZero();
    }

    @Test
    void sizesHoldThePictureAndTheRestOfACanvasIsBlack() {
        PicturePyramid pyramid = new PicturePyramid(640, 480, 0.3, 0.709, 12);
        try (Mat picture = new Mat(480, 640, CV_8UC3, new Scalar(10, 200, 90, 0));
                Mat canvas = new Mat(pyramid.height(1), pyramid.width(1), CV_8UC3, new Scalar(255, 255, 255, 0));
                Mat smallest = pyramid.draw(1, picture, canvas)) {
            Level last = pyramid.levels(1).get(pyramid.levels(1).size() - 1);
            assertThat(List.of(smallest.cols(), smallest.rows())).containsExactly(last.width(), last.height());
            int drawn = 0;
            for (int y = 0; y < canvas.rows(); y++) {
                for (int x = 0; x < canvas.cols(); x++) {
                    int green = canvas.ptr(y, x).get(1) & 0xff;
                    assertThat(green).isIn(0, 200);
                    drawn += green == 200 ? 1 : 0;
                }
            }
            assertThat(drawn)
                    .isEqualTo(pyramid.levels(1).stream()
                            .mapToInt(level -> level.width() * level.height())
                            .sum());
        }
    }

    private static boolean overlap(Level a, Level b) {
        return a.x() < b.x() + b.width()
                && b.x() < a.x() + a.width()
                && a.y() < b.y() + b.height()
                && b.y() < a.y() + a.height();
    }
}
