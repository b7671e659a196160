package io.facestream.cli.evaluate;

import io.facestream.calibration.CalibrationFit;
import io.facestream.cli.terminal.Table;
import io.facestream.configuration.Settings;
import io.facestream.evaluation.ErrorFolder;
import io.facestream.evaluation.EvaluationData;
import io.facestream.evaluation.EvaluationRun;
import io.facestream.evaluation.Reports;
import io.facestream.faces.FaceAligner;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.FarCamera;
import io.facestream.photos.LabelledPhotos.Photo;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
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
            "What do a network's distances mean? Measures its false match rates, and fits the probability that the"
                    + " nearest",
            "person is the right one, on clear faces and on degraded ones (32 px, or 16 to 112). Says what that is"
                    + " worth on",
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
                    spec.commandLine(), "calibration degrades the photos itself: leave out --degrade");
        }
        EvaluationClock clock = EvaluationClock.start();
        Optional<Path> file = options.report();
        Optional<ErrorFolder> errors = options.errors();
        List<Photo> photos = options.photos(spec.commandLine().getErr());
        CalibrationFit.check(photos);
        try (EvaluationNetworks networks = options.load(Settings.load())) {
            List<EmbeddedPhoto> all = networks.embed("As they are", photos);
            List<EmbeddedPhoto> far =
                    networks.with(new FarCamera(FAR, FAR, 1, options.seed())).embed("At " + FAR + " px", photos);
            List<EmbeddedPhoto> mixed = networks.with(
                            new FarCamera(FARTHEST, FaceAligner.TEMPLATE_SIZE, 1, options.seed()))
                    .embed("At " + FARTHEST + " px and more", photos);
            CalibrationFit fit = new CalibrationFit(
                    EvaluationOptions.decodable(all),
                    List.of(EvaluationOptions.decodable(far), EvaluationOptions.decodable(mixed)),
                    networks.version().separation(),
                    options.seed());
            CalibrationFit.Report report = fit.report();
            EvaluationRun run = clock.run(
                    "calibration",
                    networks,
                    null,
                    options,
                    Map.of(),
                    options.data(EvaluationData.Folder.of(options.images(), all), null, Map.of(), all));
            if (file.isPresent()) {
                Reports.write(file.get(), report, run);
            }
            if (errors.isPresent()) {
                networks.write(errors.get(), fit.errors(), run.data().undecodable());
            }
            print(report, run);
        }
        return 0;
    }

    private void print(CalibrationFit.Report report, EvaluationRun run) {
        Table table = new Table(spec.commandLine().getOut(), report.intervals());
        table.line("photos, people", report.photos() + ", " + report.people());
        table.count("photos without a detected face", report.undetected(), "undetected");
        report.calibration()
                .falseMatchRates()
                .forEach(point -> table.measure(
                        "distance at FMR " + Table.power(point.rate()),
                        point.distance(),
                        "calibration.falseMatchRates." + Table.power(point.rate())));
        table.measure("threshold for FPIR 0.5 %", report.threshold(), "threshold");
        table.share("FPIR there", report.fpir(), "fpir");
        table.share("FNIR there", report.fnir(), "fnir");
        report.mixed().forEach((gallery, errors) -> {
            table.errors(gallery + ", half degraded", errors, "mixed." + gallery);
            table.errors(gallery + ", clear half", report.clear().get(gallery), "clear." + gallery);
            table.errors(gallery + ", degraded half", report.degraded().get(gallery), "degraded." + gallery);
        });
        table.run(run);
    }
}
