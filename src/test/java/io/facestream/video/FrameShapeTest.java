package io.facestream.video;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrameShapeTest {
    /** Recorders' formats: 2CIF, 960H, D1 of PAL, half D1, HDV, none named. */
    @ParameterizedTest
    @CsvSource({
        "704, 288, 0.5455, 704, 528",
        "960, 480, 0.6667, 960, 720",
        "720, 576, 1.0667, 768, 576",
        "352, 576, 2.1818, 768, 576",
        "1440, 1080, 1.3333, 1920, 1080",
        "640, 480, 0, 640, 480"
    })
    void theShorterSideIsStretched(int width, int height, double ratio, int shownWidth, int shownHeight) {
        assertThat(FrameShape.of(width, height, ratio)).isEqualTo(new FrameShape(shownWidth, shownHeight, false));
    }

    @ParameterizedTest
    @CsvSource({"100", "0.001", "Infinity", "NaN", "-1"})
    void absurdRatiosAreNotFollowed(double ratio) {
        assertThat(FrameShape.of(640, 480, ratio)).isEqualTo(new FrameShape(640, 480, true));
    }

    @Test
    void theResultIsBounded() {
        FrameShape shape = FrameShape.of(7_680, 4_320, 4);

        assertThat((long) shape.width() * shape.height())
                .isCloseTo(40_000_000L, org.assertj.core.data.Percentage.withPercentage(1));
        assertThat((double) shape.width() / shape.height()).isBetween(7.1, 7.12);
    }
}
