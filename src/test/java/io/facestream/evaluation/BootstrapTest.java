package io.facestream.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BootstrapTest {
    private static final int GROUPS = 400;
    private static final double[] VALUES =
            new Random(1).doubles(GROUPS).map(value -> 10 * value).toArray();

    @Test
    void theIntervalOfAMeanIsAsWideAsItsStandardErrorSays() {
        double mean = Arrays.stream(VALUES).average().getAsDouble();
        double squares = Arrays.stream(VALUES)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        double standardError = Math.sqrt(squares / GROUPS / GROUPS);

        double[] interval = new Bootstrap(GROUPS, 1).intervals(BootstrapTest::mean)[0];

        assertThat(interval[0]).isCloseTo(mean - 1.96 * standardError, within(0.3 * standardError));
        assertThat(interval[1]).isCloseTo(mean + 1.96 * standardError, within(0.3 * standardError));
    }

    @Test
    void theSameSeedGivesTheSameInterval() {
        double[][] interval = new Bootstrap(GROUPS, 5).intervals(BootstrapTest::mean);

        assertThat(new Bootstrap(GROUPS, 5).intervals(BootstrapTest::mean)).isDeepEqualTo(interval);
        assertThat(new Bootstrap(GROUPS, 6).intervals(BootstrapTest::mean)[0]).isNotEqualTo(interval[0]);
    }

    @Test
    void everyReplicateHasAsManyGroupsAsThereAre() {
        double[] interval = new Bootstrap(7, 1)
                .intervals(weights -> new double[] {Arrays.stream(weights).sum()})[0];

        assertThat(interval).containsExactly(7, 7);
    }

    @Test
    void aFigureThatIsRarelyDefinedHasNoIntervalAndOneThatOftenIsHasThatOfWhereItIs() {
        double[][] intervals = new Bootstrap(2, 1)
                .intervals(weights -> new double[] {weights[0] == 2 ? 1 : Double.NaN, weights[0] > 0 ? 1 : Double.NaN});

        assertThat(intervals[0]).isNull();
        assertThat(intervals[1]).containsExactly(1, 1);
    }

    private static double[] mean(int[] weights) {
        return new double[] {
            IntStream.range(0, GROUPS).mapToDouble(i -> weights[i] * VALUES[i]).sum() / GROUPS
        };
    }
}
