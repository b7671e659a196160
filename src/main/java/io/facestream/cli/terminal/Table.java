package io.facestream.cli.terminal;

import io.facestream.calibration.ProbabilityErrors;
import io.facestream.evaluation.EvaluationData;
import io.facestream.evaluation.EvaluationRun;
import io.facestream.evaluation.Verification.Gain;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;

/** Prints figures for people to read, one per line. */
public final class Table {
    private static final int MOST_SHOWN = 10;

    private final PrintWriter out;
    private final Map<String, double[]> intervals;

    /** @param intervals 95 %, by the figures' names */
    public Table(PrintWriter out, Map<String, double[]> intervals) {
        this.out = out;
        this.intervals = intervals;
    }

    public void line(String what, Object figure) {
        out.println(String.format(Locale.ROOT, "%-62s %s", what, figure));
    }

    /** A share in per cent, with its interval if it has one. */
    public void share(String what, Double figure, String name) {
        line(
                what,
                figure == null
                        ? "too few data"
                        : String.format(Locale.ROOT, "%6.2f %%", 100 * figure) + interval(name, 100, "%.2f", " %"));
    }

    /** A count. */
    public void count(String what, long figure, String name) {
        line(what, figure + interval(name, 1, "%.1f", ""));
    }

    /** A distance. */
    public void measure(String what, double figure, String name) {
        line(what, String.format(Locale.ROOT, "%6.3f", figure) + interval(name, 1, "%.3f", ""));
    }

    /** A ratio of two rates, with its interval if it has one. */
    public void ratio(String what, Double figure, String name) {
        line(
                what,
                figure == null
                        ? "too few data"
                        : String.format(Locale.ROOT, "%6.2f", figure) + interval(name, 1, "%.2f", ""));
    }

    public void millis(String what, double figure, String name) {
        line(what, String.format(Locale.ROOT, "%.1f", figure) + interval(name, 1, "%.1f", ""));
    }

    /** The errors of a probability. */
    public void errors(String what, ProbabilityErrors errors, String name) {
        measure(
                what + ": expected calibration error",
                errors.expectedCalibrationError(),
                name + ".expectedCalibrationError");
        measure(what + ": Brier", errors.brier(), name + ".brier");
        measure(what + ": log-loss", errors.logLoss(), name + ".logLoss");
    }

    private String interval(String name, double scale, String format, String unit) {
        double[] interval = intervals.get(name);
        return interval == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "   95 %%: " + format + " to " + format + "%s",
                        scale * interval[0],
                        scale * interval[1],
                        unit);
    }

    /** What was left out, and what the figures were made with. */
    public void run(EvaluationRun run) {
        EvaluationData data = run.data();
        if (!data.undecodable().isEmpty()) {
            line(
                    "photos that cannot be decoded, which no figure counts",
                    data.undecodable().size());
            data.undecodable().stream()
                    .limit(MOST_SHOWN)
                    .forEach(file -> out.println("    " + file.file() + "  " + file.reason()));
            if (data.undecodable().size() > MOST_SHOWN) {
                out.println("    ...");
            }
        }
        if (!data.identical().isEmpty()) {
            line("groups of photos with the same bytes", data.identical().size());
            data.identical().stream()
                    .limit(MOST_SHOWN)
                    .forEach(files -> out.println("    " + String.join("  ", files.subList(0, 2))));
            if (data.identical().size() > MOST_SHOWN) {
                out.println("    ...");
            }
        }
        if (run.model() != null) {
            line("model", model(run.model()));
        }
        if (run.baseline() != null) {
            line("baseline", model(run.baseline()));
        }
        line("detector", run.detector());
        line("seed", run.seed());
        line(
                "data, by the SHA-256 of its photos",
                data.images().folder() + ", " + data.images().sha256());
        line("build", run.build());
    }

    private static String model(EvaluationRun.Model model) {
        return model.version() + ", " + model.sha256();
    }

    /** A power of ten as reports write it: {@code 1e-3}. */
    public static String power(double rate) {
        return "1e" + Math.round(Math.log10(rate));
    }

    /** A share under another network, and the gain over it in points; null if the data do not support it. */
    public void gain(String name, Gain gain) {
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
