package io.facestream.cli;

import io.facestream.evaluation.Verification.Gain;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;

/** Figures for people to read, a line each. */
final class Table {
    private final PrintWriter out;
    private final Map<String, double[]> intervals;

    /** @param intervals 95 %, by the figures' names */
    Table(PrintWriter out, Map<String, double[]> intervals) {
        this.out = out;
        this.intervals = intervals;
    }

    void line(String what, Object figure) {
        out.println(String.format(Locale.ROOT, "%-62s %s", what, figure));
    }

    /** A share in per cent, with its interval if it has one. */
    void share(String what, Double figure, String name) {
        double[] interval = intervals.get(name);
        String range = interval == null
                ? ""
                : String.format(Locale.ROOT, "   95 %%: %.2f to %.2f %%", 100 * interval[0], 100 * interval[1]);
        line(what, figure == null ? "too few data" : String.format(Locale.ROOT, "%6.2f %%%s", 100 * figure, range));
    }

    /** What a share was under another network, and how many points it is above that; null where the data cannot tell. */
    void gain(String name, Gain gain) {
        line(
                "gain in points, " + name,
                gain == null
                        ? "too few data"
                        : String.format(
                                Locale.ROOT,
                                "%+6.2f over %.2f %%   95 %%: %+.2f to %+.2f",
                                100 * gain.gain(),
                                100 * gain.baseline(),
                                100 * gain.low(),
                                100 * gain.high()));
    }
}
