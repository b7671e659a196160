package io.facestream.calibration;

import java.util.function.ToDoubleFunction;

/**
 * A figure of a report, as what it would be if groups of photos or pictures were there more or less often.
 *
 * @param name in the report; a dot stands between a field and a field of it
 * @param groups independent ones that it rests on
 * @param whole what it is at most where it counts or is a share: then a figure of nothing or of all has an interval,
 *     too; NaN where it is neither
 * @param of what it is when group i is there {@code weights[i]} times; NaN where it is not defined
 */
public record Figure(String name, int groups, double whole, ToDoubleFunction<int[]> of) {
    public static Figure share(String name, int groups, ToDoubleFunction<int[]> of) {
        return new Figure(name, groups, 1, of);
    }

    /** @param all how much there is to count */
    public static Figure count(String name, int groups, double all, ToDoubleFunction<int[]> of) {
        return new Figure(name, groups, all, of);
    }

    /** Neither a share nor a count: a distance, a time. */
    public static Figure measure(String name, int groups, ToDoubleFunction<int[]> of) {
        return new Figure(name, groups, Double.NaN, of);
    }
}
