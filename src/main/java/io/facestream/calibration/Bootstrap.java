package io.facestream.calibration;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Percentile intervals by resampling groups with replacement (Efron 1979). The groups are people, or pictures of
 * crowds. Everything in a group is drawn together, since it is not independent.
 */
public final class Bootstrap {
    private static final int REPLICATES = 1_000;
    private static final double TAIL = 0.025;

    private final int[][] replicates;

    /** @param groups number of groups, at least 1 */
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
     * @param figures their values when group i counts {@code weights[i]} times; NaN if one is not defined
     * @return for each figure its lower and upper end; null if it is defined in fewer than half of the replicates
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

    /** The 95 % intervals by the figures' names, without those that the data do not support. */
    public Map<String, double[]> intervals(List<Figure> figures) {
        double[][] ends = intervals(weights -> figures.stream()
                .mapToDouble(figure -> figure.of().applyAsDouble(weights))
                .toArray());
        Map<String, double[]> intervals = new LinkedHashMap<>();
        for (int i = 0; i < ends.length; i++) {
            Figure figure = figures.get(i);
            double[] interval = widened(ends[i], figure.groups(), figure.whole());
            if (interval != null) {
                intervals.put(figure.name(), interval);
            }
        }
        return intervals;
    }

    /**
     * Widens an interval whose replicates are all 0 or all at the maximum. Resampling cannot show then what a few more
     * groups would change, so the exact interval of Clopper and Pearson (1934) for none, or all, of the groups is used
     * instead. A single group has no interval.
     *
     * @param ends may be null
     * @param groups number of groups that the figure rests on
     * @param whole the figure's maximum; NaN if it has none
     */
    public static double[] widened(double[] ends, int groups, double whole) {
        if (ends == null || groups < 2) {
            return null;
        }
        double missed = whole * (1 - Math.pow(TAIL, 1.0 / groups));
        if (ends[1] == 0 && whole > 0) {
            return new double[] {0, missed};
        }
        if (ends[0] == whole) {
            return new double[] {whole - missed, whole};
        }
        return ends;
    }
}
