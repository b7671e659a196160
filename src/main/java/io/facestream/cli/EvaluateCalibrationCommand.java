package io.facestream.cli;

import io.facestream.evaluation.CalibrationFit;
import io.facestream.evaluation.EmbeddedPhoto;
import io.facestream.evaluation.FarCamera;
import io.facestream.evaluation.LabelledPhotos.Photo;
import io.facestream.evaluation.Reports;
import io.facestream.faces.FaceAligner;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "calibration",
        description = {
            "What do a network's distances mean? Measures its false match rates, and fits the probability that the nearest",
            "person is the right one, on clear faces and on degraded ones (32 px, or 16 to 112). Says what that is worth on",
            "people whom it was not made with."
        },
        mixinStandardHelpOptions = true)
final class EvaluateCalibrationCommand implements Callable<Integer> {
    private static final int FAR = 32;
    private static final int FARTHEST = 16;

    @Mixin
    private EvaluationOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, SQLException {
        if (options.degrades()) {
            throw new ParameterException(
                    spec.commandLine(), "calibration degrades the photos by itself, without --degrade");
        }
        Optional<Path> file = options.report();
        List<Photo> photos = options.photos();
        try (EvaluationOptions.Networks networks = options.load(Settings.load())) {
            List<EmbeddedPhoto> clear = networks.embed("As they are", photos);
            List<EmbeddedPhoto> far =
                    networks.with(new FarCamera(FAR, FAR, 1, options.seed())).embed("At " + FAR + " px", photos);
            List<EmbeddedPhoto> mixed = networks.with(
                            new FarCamera(FARTHEST, FaceAligner.TEMPLATE_SIZE, 1, options.seed()))
                    .embed("At " + FARTHEST + " px and more", photos);
            CalibrationFit.Report report = new CalibrationFit(
                            clear, List.of(far, mixed), networks.version().separation(), options.seed())
                    .report();
            if (file.isPresent()) {
                Reports.write(file.get(), report);
            }
            print(report);
        }
        return 0;
    }

    private void print(CalibrationFit.Report report) {
        Table table = new Table(spec.commandLine().getOut(), Map.of());
        table.line("threshold for FPIR 0.5 %", String.format(Locale.ROOT, "%.3f", report.threshold()));
        table.share("FPIR there", report.fpir(), "");
        table.share("FNIR there", report.fnir(), "");
        report.mixed().forEach((gallery, errors) -> {
            table.line(gallery + ": calibration error, half degraded", errors);
            table.line(gallery + ": clear half", report.clear().get(gallery));
            table.line(gallery + ": degraded half", report.degraded().get(gallery));
        });
    }
}
