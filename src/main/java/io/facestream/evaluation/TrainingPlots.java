package io.facestream.evaluation;

import io.facestream.models.ModelDetails;
import io.facestream.models.ModelMetrics.Comparison;
import io.facestream.models.ModelMetrics.Epoch;
import io.facestream.models.ModelMetrics.RocPoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.XYChart;

/** Draws a version's metrics as SVG files, {@code VERSION-loss.svg} and so on. */
public final class TrainingPlots {
    private TrainingPlots() {}

    /**
     * Draws the measured metrics into a folder.
     *
     * @return the files
     */
    public static List<Path> draw(ModelDetails details, Path folder) throws IOException {
        Path name = folder.resolve(details.version().version());
        List<Path> files = new ArrayList<>();
        List<Epoch> epochs = details.metrics().epochs();
        if (!epochs.isEmpty()) {
            XYChart loss = Plots.chart("Training", "Epoch", "");
            line(loss, "loss", epochs, Epoch::loss);
            line(loss, "share of active triplets", epochs, Epoch::activeShare);
            List<Epoch> validated = epochs.stream()
                    .filter(epoch -> epoch.validationTar() != null)
                    .toList();
            if (!validated.isEmpty()) {
                line(loss, "validation: TAR at FAR 1e-2", validated, Epoch::validationTar);
            }
            files.add(Plots.save(loss, name, "loss"));
            XYChart distances = Plots.chart("Mean distances", "Epoch", "L2 of unit vectors");
            line(distances, "within people", epochs, Epoch::intra);
            line(distances, "between people", epochs, Epoch::inter);
            files.add(Plots.save(distances, name, "distances"));
        }
        for (Comparison comparison : details.metrics().comparisons()) {
            if (!comparison.roc().isEmpty() && !comparison.baseRoc().isEmpty()) {
                XYChart roc = Plots.chart(
                        "People held back, photos: " + comparison.photos(), "False accept rate", "True accept rate");
                roc.getStyler().setXAxisLogarithmic(true);
                curve(roc, "base", comparison.baseRoc());
                curve(roc, details.version().version(), comparison.roc());
                files.add(Plots.save(roc, name, "roc-" + comparison.photos()));
            }
        }
        return files;
    }

    private static void line(XYChart chart, String name, List<Epoch> epochs, ToDoubleFunction<Epoch> figure) {
        Plots.line(
                chart,
                name,
                epochs.stream().map(epoch -> (double) epoch.epoch()).toList(),
                epochs.stream().map(figure::applyAsDouble).toList());
    }

    private static void curve(XYChart chart, String name, List<RocPoint> points) {
        Plots.line(
                chart,
                name,
                points.stream().map(RocPoint::far).toList(),
                points.stream().map(RocPoint::tar).toList());
    }
}
