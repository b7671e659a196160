package io.facestream.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class LogisticRegressionTest {
    private static final int OBSERVATIONS = 20_000;

    @Test
    void theCoefficientsThatObservationsWereDrawnWithAreFound() {
        double[] truth = {0.5, -1.5, 0.8};
        LogisticRegression regression = new LogisticRegression(3);
        Random random = new Random(1);
        for (int i = 0; i < OBSERVATIONS; i++) {
            double[] features = {1, random.nextGaussian(), random.nextGaussian()};
            double offset = random.nextGaussian();
            double logOdds = offset;
            for (int feature = 0; feature < 3; feature++) {
                logOdds += truth[feature] * features[feature];
            }
            boolean positive = random.nextDouble() < 1 / (1 + Math.exp(-logOdds));
            regression.add(features, offset, positive, 1);
        }

        assertThat(regression.fit()).containsExactly(truth, within(0.08));
    }

    @Test
    void anOffsetIsTakenFromTheInterceptThatWouldExplainIt() {
        LogisticRegression regression = new LogisticRegression(1);
        for (int i = 0; i < 400; i++) {
            regression.add(new double[] {1}, 2, i % 4 != 0, 1);
        }

        assertThat(regression.fit()[0]).isCloseTo(Math.log(3) - 2, within(1e-6));
    }

    @Test
    void anObservationOfThreefoldWeightCountsAsThree() {
        LogisticRegression regression = new LogisticRegression(1);
        regression.add(new double[] {1}, 0, true, 300);
        regression.add(new double[] {1}, 0, false, 100);

        assertThat(regression.fit()[0]).isCloseTo(Math.log(3), within(1e-6));
    }

    @Test
    void classesThatCanBeSeparatedHaveAFiniteFit() {
        LogisticRegression regression = new LogisticRegression(2);
        for (int i = 0; i < 20; i++) {
            regression.add(new double[] {1, i - 9.5}, 0, i > 9, 1);
        }

        double[] fitted = regression.fit();

        assertThat(fitted[1]).isFinite().isPositive();
        assertThat(fitted[0]).isCloseTo(0, within(1e-3));
    }
}
