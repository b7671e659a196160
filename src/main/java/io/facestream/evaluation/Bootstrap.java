package io.facestream.evaluation;

import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Percentile intervals by resampling groups with replacement (Efron 1979). The groups are people, or pictures of crowds: what
 * belongs to one is drawn together, for it is not independent.
 */
public final class Bootstrap {
    private static final int REPLICATES = 1_000;
    private static final double TAIL = 0.025;

    private final int[][] replicates;

    /** @param groups how many there are, at least 1 */
    public Bootstrap(int groups, long seed) {
        Random random = new Random(seed);
        replicates = new int[REPLICATES][groups];
        for (int[] weights : replicates) {
            for (int i = 0; i < groups; i++) {
                weights[random.nextInt(groups)]++;
            }
        }
    }

    /**
     * The 95 % intervals of figures.
     *
     * @param figures what they are when group i is there {@code weights[i]} times; NaN where one is not defined
     * @return for each its lower and upper end; null if it is defined in under half of the replicates
     */
    public double[][] intervals(Function<int[], double[]> figures) {
        double[][] replicated =
                Arrays.stream(replicates).parallel().map(figures).toArray(double[][]::new);
        return IntStream.range(0, replicated[0].length)
                .mapToObj(figure -> interval(Arrays.stream(replicated)
                        .mapToDouble(replicate -> replicate[figure])
                        .filter(Double::isFinite)
                        .sorted()
                        .toArray()))
                .toArray(double[][]::new);
    }

    private static double[] interval(double[] sorted) {
        if (sorted.length < REPLICATES / 2) {
            return null;
        }
        int below = (int) (TAIL * sorted.length);
        return new double[] {sorted[below], sorted[sorted.length - 1 - below]};
    }
}
