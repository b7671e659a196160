package io.facestream.video;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrientationTest {
    /** Of the matrix only signs and proportions matter. */
    @ParameterizedTest
    @CsvSource({
        "1, 0, 0, 1, false, 0",
        "0, 1, -1, 0, false, 1",
        "-1, 0, 0, -1, false, 2",
        "0, -1, 1, 0, false, 3",
        "-1, 0, 0, 1, true, 0",
        "1, 0, 0, -1, true, 2",
        "0, 1, 1, 0, true, 3",
        "0, -1, -1, 0, true, 1"
    })
    void aDisplayMatrixIsAMirrorAndQuarterTurnsClockwise(
            int a, int b, int c, int d, boolean mirrored, int quarterTurns) {
        assertThat(Orientation.of(a << 16, b << 16, c << 16, d << 16))
                .isEqualTo(new Orientation(mirrored, quarterTurns));
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 1", "3, 2, 1", "2, 2, 0"})
    void turnsAddUp(int own, int more, int all) {
        assertThat(new Orientation(false, own).turnedOn(more).quarterTurns()).isEqualTo(all);
    }
}
