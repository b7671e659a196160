package io.facestream.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeneralisedParetoTest {
    private static final int VALUES = 20_000;

    @ParameterizedTest
    @ValueSource(doubles = {-0.4, -0.1, 0, 0.2})
    void theDistributionThatValuesWereDrawnFromIsFound(double shape) {
        GeneralisedPareto drawnFrom = new GeneralisedPareto(shape, 0.04);
        double[] excesses = drawn(drawnFrom, VALUES);

        GeneralisedPareto fitted = GeneralisedPareto.fit(excesses, once(VALUES));

        // Hosking and Wallis 1987, equation 9: the shape's standard error is 0.01 or less here.
        assertThat(fitted.shape()).isCloseTo(shape, within(0.04));
        assertThat(fitted.scale()).isCloseTo(0.04, within(0.002));
    }

    @Test
    void momentsAreThoseOfTheirDefinition() {
        // By hand: mean 0.8/3, sum of (n - i + 0.35) x / n over n with x ascending.
        double mean = (0.5 + 0.2 + 0.1) / 3;
        double moment = (0.5 * 0.35 + 0.2 * 1.35 + 0.1 * 2.35) / 9;

        GeneralisedPareto fitted = GeneralisedPareto.fit(new double[] {0.5, 0.2, 0.1}, once(3));

        double shape = -(mean / (mean - 2 * moment) - 2);
        double scale = 2 * mean * moment / (mean - 2 * moment);
        assertThat(fitted.scale()).isCloseTo(scale, within(1e-12));
        assertThat(fitted.shape()).isCloseTo(Math.max(shape, -scale / 0.5), within(1e-12));
    }

    @Test
    void aWeightIsAsGoodAsThatManyValues() {
        double[] excesses = drawn(new GeneralisedPareto(-0.2, 1), 50);
        double[] weights = once(50);
        weights[0] = 0;
        weights[3] = 4;
        double[] repeated = IntStream.range(0, 50)
                .boxed()
                .flatMap(i -> Collections.nCopies((int) weights[i], excesses[i]).stream())
                .mapToDouble(Double::doubleValue)
                .toArray();

        GeneralisedPareto weighted = GeneralisedPareto.fit(excesses, weights);

        GeneralisedPareto of = GeneralisedPareto.fit(repeated, once(repeated.length));
        assertThat(weighted.shape()).isCloseTo(of.shape(), within(1e-9));
        assertThat(weighted.scale()).isCloseTo(of.scale(), within(1e-9));
    }

    @Test
    void anExponentialTailFallsByTheSameStepFromDecadeToDecade() {
        GeneralisedPareto exponential = new GeneralisedPareto(0, 0.03);

        assertThat(exponential.excess(1e-1)).isCloseTo(0.03 * Math.log(10), within(1e-12));
        assertThat(exponential.excess(1e-5)).isCloseTo(5 * 0.03 * Math.log(10), within(1e-12));
        assertThat(new GeneralisedPareto(1e-6, 0.03).excess(1e-5)).isCloseTo(exponential.excess(1e-5), within(1e-5));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.3, 0, 0.3})
    void excessesAndSharesBeyondThemAreEachOthersInverse(double shape) {
        GeneralisedPareto distribution = new GeneralisedPareto(shape, 2);

        for (double share : List.of(1.0, 0.1, 1e-4)) {
            assertThat(distribution.beyond(distribution.excess(share))).isCloseTo(share, within(1e-12));
        }
    }

    @Test
    void beyondTheEndOfATailIsNothing() {
        assertThat(new GeneralisedPareto(-0.5, 1).beyond(2.1)).isZero();
    }

    @Test
    void aTailDoesNotEndBeforeTheFarthestValue() {
        double[] excesses = {1, 0.99, 0.98, 0.97, 0.96, 0.95, 0.5, 0.45, 0.4};

        GeneralisedPareto fitted = GeneralisedPareto.fit(excesses, once(excesses.length));

        assertThat(-fitted.scale() / fitted.shape()).isGreaterThanOrEqualTo(1 - 1e-12);
    }

    @Test
    void nothingHasNoTail() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GeneralisedPareto.fit(new double[] {1}, new double[] {0}));
    }

    private static double[] once(int values) {
        double[] weights = new double[values];
        Arrays.fill(weights, 1);
        return weights;
    }

    /** Farthest first. */
    private static double[] drawn(GeneralisedPareto distribution, int values) {
        return new Random(1)
                .doubles(values)
                .map(share -> -distribution.excess(1 - share))
                .sorted()
                .map(negative -> -negative)
                .toArray();
    }
}
