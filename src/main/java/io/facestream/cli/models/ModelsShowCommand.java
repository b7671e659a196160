package io.facestream.cli.models;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.cli.terminal.Table;
import io.facestream.configuration.Settings;
import io.facestream.evaluation.TrainingPlots;
import io.facestream.messaging.Json;
import io.facestream.models.ModelDetails;
import io.facestream.models.ModelMetrics;
import io.facestream.models.ModelMetrics.CalibrationBasis;
import io.facestream.models.ModelMetrics.CalibrationPoint;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "show",
        description = "Shows a model version: its state, how it was trained, and how it compares with its base.",
        mixinStandardHelpOptions = true)
final class ModelsShowCommand implements Callable<Integer> {
    @Parameters(paramLabel = "VERSION", description = "One that `models list` shows.")
    private String version;

    @Option(
            names = "--plots",
            paramLabel = "DIR",
            description =
                    "Draws loss, distances and ROC before and after training there, as far as they were measured.")
    private Path plots;

    @Option(names = "--json", description = "Prints all of it as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws SQLException, IOException {
        ModelDetails details = new ModelRegistry(Settings.load().database()).require(version);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(new String(Json.write(details), UTF_8));
        } else {
            print(details, new Table(out, Map.of()));
        }
        if (plots != null) {
            Files.createDirectories(plots);
            List<Path> drawn = TrainingPlots.draw(details, plots);
            if (drawn.isEmpty()) {
                spec.commandLine().getErr().println(version + " was not trained here: there is nothing to draw");
            } else if (!json) {
                drawn.forEach(file -> out.println("Wrote " + file));
            }
        }
        return 0;
    }

    private static void print(ModelDetails details, Table table) {
        ModelVersion model = details.version();
        table.line("version", model.version());
        table.line("status", model.status().name().toLowerCase(Locale.ROOT) + (details.removed() ? ", removed" : ""));
        table.line("architecture", model.architecture());
        table.line("input", model.inputSide() + "x" + model.inputSide() + " of the chip's 160x160");
        table.line(
                "dimensions",
                model.dimensions() + (model.mirrorAveraging() ? ", gallery averaged with mirror images" : ""));
        table.line(
                "calibration",
                model.calibration().falseMatchRates().isEmpty()
                        ? "none: matches within " + model.threshold() + ", without a probability"
                        : model.calibration().falseMatchRates().size() + " false match rates"
                                + (model.calibration().probability() == null ? "" : ", and a probability"));
        table.line("sha256", model.sha256());
        line(table, "trained from", details.parent());
        line(table, "promoted over", details.predecessor());
        line(table, "training command", details.trainingCommand());
        table.line("created", details.createdAt());
        line(table, "last activated", details.activatedAt());
        line(table, "retired", details.retiredAt());
        if (details.retiredAt() == null) {
            table.line("samples without an embedding under it", details.missingSamples());
            table.line("people without a complete template under it", details.missingTemplates());
        }
        for (ModelMetrics.Epoch epoch : details.metrics().epochs()) {
            table.line(
                    "epoch " + epoch.epoch(),
                    String.format(
                            Locale.ROOT,
                            "loss %.4f, active %.0f %%, distances %.2f within and %.2f between people%s",
                            epoch.loss(),
                            100 * epoch.activeShare(),
                            epoch.intra(),
                            epoch.inter(),
                            epoch.validationTar() == null
                                    ? ""
                                    : String.format(Locale.ROOT, ", TAR at FAR 1e-2 %.4f", epoch.validationTar())));
        }
        for (ModelMetrics.Comparison comparison : details.metrics().comparisons()) {
            table.line(
                    comparison.photos() + ": TAR at FAR " + comparison.far(),
                    String.format(
                            Locale.ROOT,
                            "%.4f, base %.4f, gain %.1f to %.1f points (95 %%)",
                            comparison.tar(),
                            comparison.baseTar(),
                            100 * comparison.gainLow(),
                            100 * comparison.gainHigh()));
        }
        if (details.metrics().calibration() != null) {
            print(details.metrics().calibration(), table);
        }
    }

    private static void print(CalibrationBasis calibration, Table table) {
        table.line("calibration rests on", calibration.remark());
        for (CalibrationPoint point : calibration.points()) {
            table.line(
                    "false match rate " + point.rate(),
                    String.format(
                            Locale.ROOT,
                            "distance %.3f%s%s%s",
                            point.strictest(),
                            point.low() == null
                                    ? ""
                                    : String.format(
                                            Locale.ROOT,
                                            ", extrapolated %.3f (95 %%: %.3f to %.3f)",
                                            point.distance(),
                                            point.low(),
                                            point.high()),
                            point.keepingBase() == null
                                    ? ""
                                    : String.format(Locale.ROOT, ", as often as its base %.3f", point.keepingBase()),
                            point.far() == null ? "" : String.format(Locale.ROOT, ", by far faces %.3f", point.far())));
        }
    }

    private static void line(Table table, String what, Object value) {
        if (value != null) {
            table.line(what, value);
        }
    }
}
