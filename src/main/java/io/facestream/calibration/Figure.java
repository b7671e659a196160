package io.facestream.calibration;

import java.util.function.ToDoubleFunction;

/**
 * A figure of a report, as a function of how often each group of photos or pictures counts.
 *
 * @param name in the report; a dot separates a field from a field inside it
 * @param groups number of independent groups that it rests on
 * @param whole the maximum of a count or share, so that a figure of 0 or of the maximum gets an interval too; NaN for
 *     other figures
 * @param of its value when group i counts {@code weights[i]} times; NaN if it is not defined
 */
public record Figure(String name, int groups, double whole, ToDoubleFunction<int[]> of) {
    public static Figure share(String name, int groups, ToDoubleFunction<int[]> of) {
        return new Figure(name, groups, 1, of);
    }

    /** @param all the highest possible count */
    public static Figure count(String name, int groups, double all, ToDoubleFunction<int[]> of) {
        return new Figure(name, groups, all, of);
    }

    /** A figure that is neither a share nor a count, such as a distance or a time. */
    public static Figure measure(String name, int groups, ToDoubleFunction<int[]> of) {
        return new Figure(name, groups, Double.NaN, of);
    }
}
