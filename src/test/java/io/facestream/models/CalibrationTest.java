package io.facestream.models;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.facestream.messaging.Json;
import io.facestream.models.Calibration.FalseMatchRate;
import java.util.List;
import org.junit.jupiter.api.Test;

class CalibrationTest {
    private static final MatchProbability PROBABILITY = new MatchProbability(30, 90, 30, -26, 10, -10, 0, 0.0, 0.0);
    private static final Calibration CALIBRATION = new Calibration(
            List.of(new FalseMatchRate(1e-2, 1.2), new FalseMatchRate(1e-3, 1.1), new FalseMatchRate(1e-4, 1.04)),
            0.03,
            PROBABILITY);

    @Test
    void theMeasuredRatesComeAtTheirDistances() {
        assertThat(CALIBRATION.distance(1e-2)).isCloseTo(1.2, within(1e-9));
        assertThat(CALIBRATION.distance(1e-3)).isCloseTo(1.1, within(1e-9));
        assertThat(CALIBRATION.distance(1e-4)).isCloseTo(1.04, within(1e-9));
    }

    @Test
    void betweenAndBeyondThemTheDistanceIsLinearInTheLogarithmOfTheRate() {
        assertThat(CALIBRATION.distance(Math.sqrt(1e-5))).isCloseTo(1.15, within(1e-9));
        assertThat(CALIBRATION.distance(1e-6)).isCloseTo(1.04 - 0.12, within(1e-9));
        assertThat(CALIBRATION.distance(1e-1)).isCloseTo(1.3, within(1e-9));
    }

    @Test
    void aLargerGalleryAndASmallerTargetTakeASmallerThreshold() {
        double one = CALIBRATION.threshold(1, 0.01).getAsDouble();

        assertThat(one).isCloseTo(1.2, within(1e-9));
        assertThat(CALIBRATION.threshold(0, 0.01).getAsDouble()).isEqualTo(one);
        // 1 - 0.99^(1/100) is 0.0100498 % of comparisons
        assertThat(CALIBRATION.threshold(100, 0.01).getAsDouble()).isCloseTo(1.04013, within(1e-4));
        assertThat(CALIBRATION.threshold(1, 0.001).getAsDouble()).isCloseTo(1.1, within(1e-9));
        assertThat(CALIBRATION.threshold(1_000_000_000_000_000L, 1e-9).getAsDouble())
                .isBetween(0.0, 1.0);
    }

    @Test
    void aVersionThatWasNotMeasuredHasNoThreshold() {
        assertThat(Calibration.NONE.threshold(10, 0.01)).isEmpty();
    }

    @Test
    void atEqualOddsTheProbabilityIsAHalf() {
        // 30 - 26 d = log N, at the middle norm
        assertThat(PROBABILITY.of(30 / 26.0, 60, 1, 1, 0.5)).isCloseTo(0.5, within(1e-9));
        assertThat(PROBABILITY.of((30 - Math.log(100)) / 26.0, 60, 1, 100, 0.5)).isCloseTo(0.5, within(1e-9));
        assertThat(PROBABILITY.of(30 / 26.0, 60, 1, 1, 0.9)).isCloseTo(0.1, within(1e-9));
    }

    @Test
    void aNearerAndAClearerFaceIsMoreProbable() {
        assertThat(PROBABILITY.of(0.9, 60, 1, 10, 0.5)).isGreaterThan(PROBABILITY.of(1.1, 60, 1, 10, 0.5));
        assertThat(PROBABILITY.of(0.9, 80, 1, 10, 0.5)).isGreaterThan(PROBABILITY.of(0.9, 40, 1, 10, 0.5));
        assertThat(PROBABILITY.of(0.9, 200, 1, 10, 0.5)).isEqualTo(PROBABILITY.of(0.9, 90, 1, 10, 0.5));
    }

    @Test
    void aDistanceOfManyPhotosComesBackFromThatOfOne() {
        double averaged = Calibration.averaged(1.04, 4, 0.03);

        assertThat(averaged).isLessThan(1.04);
        assertThat(Calibration.ofOnePhoto(averaged, 4, 0.03)).isCloseTo(1.04, within(1e-12));
    }

    @Test
    void aCalibrationOfBeforeTakesNoHeedOfAveraging() throws Exception {
        Calibration old = Json.read(
                "{\"falseMatchRates\": [{\"rate\": 0.1, \"distance\": 1.2}, {\"rate\": 0.01, \"distance\": 1.1}]}"
                        .getBytes(UTF_8),
                Calibration.class);

        assertThat(old.averaging()).isZero();
        assertThat(old.falseMatchRates()).hasSize(2);
    }

    @Test
    void ratesThatDoNotDescendAreNoCurve() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Calibration(
                        List.of(new FalseMatchRate(1e-2, 1.1), new FalseMatchRate(1e-3, 1.2)), 0.0, PROBABILITY));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Calibration(List.of(new FalseMatchRate(1e-2, 1.1)), 0.0, PROBABILITY));
        assertThatIllegalArgumentException().isThrownBy(() -> CALIBRATION.threshold(1, 0));
    }

    @Test
    void itIsReadFromTheJsonThatItIsWrittenAs() throws Exception {
        assertThat(Json.read(Json.write(CALIBRATION), Calibration.class)).isEqualTo(CALIBRATION);
        assertThat(Json.read(new byte[] {'{', '}'}, Calibration.class)).isEqualTo(Calibration.NONE);
    }

    @Test
    void theShippedNetworkIsCalibrated() {
        Calibration shipped = ShippedModel.version(new byte[0]).calibration();

        assertThat(shipped.falseMatchRates()).hasSizeGreaterThan(3);
        assertThat(shipped.probability().of(0.7, 70, 1, 100, 0.5)).isGreaterThan(0.99);
        assertThat(shipped.probability().of(1.3, 70, 1, 100, 0.5)).isLessThan(0.01);
    }
}
