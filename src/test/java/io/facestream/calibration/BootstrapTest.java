package io.facestream.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
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

    @Test
    void aShareOfNothingOrOfAllHasTheIntervalOfTheBinomialDistribution() {
        Map<String, double[]> intervals = new Bootstrap(10, 1)
                .intervals(List.of(
                        Figure.share("none", 10, weights -> 0),
                        Figure.share("all", 4, weights -> 1),
                        Figure.count("none of 20", 10, 20, weights -> 0),
                        Figure.measure("always 0.7", 10, weights -> 0.7),
                        Figure.share("of one group", 1, weights -> 0.5)));

        // 1 - 0.025^(1/10) = 0.3085 (Clopper and Pearson's upper end for 0 of 10), and 0.025^(1/4) = 0.3976.
        assertThat(intervals.get("none")).containsExactly(new double[] {0, 0.3085}, within(1e-4));
        assertThat(intervals.get("all")).containsExactly(new double[] {0.3976, 1}, within(1e-4));
        assertThat(intervals.get("none of 20")).containsExactly(new double[] {0, 6.170}, within(1e-3));
        assertThat(intervals.get("always 0.7")).containsExactly(0.7, 0.7);
        assertThat(intervals).doesNotContainKey("of one group");
    }

    private static double[] mean(int[] weights) {
        return new double[] {
            IntStream.range(0, GROUPS).mapToDouble(i -> weights[i] * VALUES[i]).sum() / GROUPS
        };
    }
}
