package io.facestream.evaluation;

import io.facestream.calibration.AllPairs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The curves of a report as SVG files beside it: {@code OUT-roc.svg} and so on for {@code OUT.json}. */
final class Plots {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 480;

    /** Bins of the histogram of distances that are drawn as one. */
    private static final int BINS_DRAWN_AS_ONE = 20;

    private Plots() {}

    static void verification(Path report, AllPairs pairs) throws IOException {
        long[] genuine = pairs.genuineHistogram();
        long[] impostors = pairs.impostorHistogram();
        double genuinePairs = pairs.genuinePairs();
        double impostorPairs = pairs.impostors();
        List<Double> far = new ArrayList<>();
        List<Double> tar = new ArrayList<>();
        List<Double> frr = new ArrayList<>();
        long accepted = 0;
        long falselyAccepted = 0;
        for (int bin = 0; bin < genuine.length; bin++) {
            accepted += genuine[bin];
            falselyAccepted += impostors[bin];
            if (falselyAccepted >= AllPairs.LEAST_EXPECTED && accepted < genuinePairs) {
                far.add(falselyAccepted / impostorPairs);
                tar.add(accepted / genuinePairs);
                frr.add(1 - accepted / genuinePairs);
            }
        }
        if (far.isEmpty()) {
            return;
        }
        XYChart roc = chart("Receiver operating characteristic, all pairs", "False accept rate", "True accept rate");
        roc.getStyler().setXAxisLogarithmic(true);
        line(roc, "all pairs", far, tar);
        save(roc, report, "roc");
        XYChart det = chart("Detection error trade-off, all pairs", "False accept rate", "False reject rate");
        det.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
        line(det, "all pairs", far, frr);
        save(det, report, "det");
        XYChart distances = chart(
                "Distances", "L2 of unit vectors", "Share of pairs in a bin of " + BINS_DRAWN_AS_ONE * AllPairs.BIN);
        histogram(distances, "same person", genuine);
        histogram(distances, "different people", impostors);
        save(distances, report, "distances");
    }

    static void detectionErrorTradeOff(Path report, List<DetPoint> points, String of) throws IOException {
        List<DetPoint> drawn = points.stream().filter(point -> point.fnir() > 0).toList();
        if (drawn.isEmpty()) {
            return;
        }
        XYChart det = chart("Detection error trade-off, open-set identification", "FPIR", "FNIR");
        det.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
        line(
                det,
                of,
                drawn.stream().map(DetPoint::fpir).toList(),
                drawn.stream().map(DetPoint::fnir).toList());
        save(det, report, "det");
    }

    static XYChart chart(String title, String x, String y) {
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .xAxisTitle(x)
                .yAxisTitle(y)
                .build();
        chart.getStyler().setXAxisTickMarkSpacingHint(WIDTH / 10);
        return chart;
    }

    static void line(XYChart chart, String name, List<Double> x, List<Double> y) {
        chart.addSeries(name, x, y).setMarker(SeriesMarkers.NONE);
    }

    private static void histogram(XYChart chart, String name, long[] bins) {
        double all = Arrays.stream(bins).sum();
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        for (int start = 0; start + BINS_DRAWN_AS_ONE <= bins.length; start += BINS_DRAWN_AS_ONE) {
            x.add((start + BINS_DRAWN_AS_ONE / 2.0) * AllPairs.BIN);
            y.add(Arrays.stream(bins, start, start + BINS_DRAWN_AS_ONE).sum() / Math.max(1, all));
        }
        line(chart, name, x, y);
    }

    /** Returns the file. */
    static Path save(XYChart chart, Path report, String name) throws IOException {
        String file = report.toAbsolutePath().toString().replaceFirst("\\.json$", "") + "-" + name + ".svg";
        VectorGraphicsEncoder.saveVectorGraphic(chart, file, VectorGraphicsFormat.SVG);
        return Path.of(file);
    }
}
