package io.facestream.cli.evaluate;

import io.facestream.cli.terminal.Progress;
import io.facestream.cli.terminal.Table;
import io.facestream.configuration.Settings;
import io.facestream.evaluation.EvaluationData;
import io.facestream.evaluation.EvaluationRun;
import io.facestream.evaluation.Reports;
import io.facestream.evaluation.promises.Promises;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.LabelledPhotos.Photo;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "promises",
        description = {
            "Do the false match rates and the FPIR that a calibration promises hold for other people? Deals the people"
                    + " into",
            "thirds, six times, fits on two thirds and counts on the third. --errors has no effect here."
        },
        mixinStandardHelpOptions = true)
final class EvaluatePromisesCommand implements Callable<Integer> {
    @Mixin
    private EvaluationOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, SQLException {
        if (options.degrades()) {
            throw new ParameterException(
                    spec.commandLine(), "promises are about photos as they are: leave out --degrade");
        }
        EvaluationClock clock = EvaluationClock.start();
        Optional<Path> file = options.report();
        List<Photo> photos = options.photos(spec.commandLine().getErr());
        Promises.check(photos);
        try (EvaluationNetworks networks = options.load(Settings.load())) {
            List<EmbeddedPhoto> all = networks.embed("Embedding", photos);
            Promises.Report report;
            try (ProgressBar bar = Progress.bar("Fitting and counting", Promises.STEPS, false)) {
                report = new Promises(
                                EvaluationOptions.decodable(all),
                                networks.version().separation(),
                                options.seed(),
                                bar::step)
                        .report();
            }
            EvaluationRun run = clock.run(
                    "promises",
                    networks,
                    null,
                    options,
                    Map.of(),
                    options.data(EvaluationData.Folder.of(options.images(), all), null, Map.of(), all));
            if (file.isPresent()) {
                Reports.write(file.get(), report, run);
            }
            print(report, run);
        }
        return 0;
    }

    private void print(Promises.Report report, EvaluationRun run) {
        Table table = new Table(spec.commandLine().getOut(), report.intervals());
        table.line("photos, people", report.photos() + ", " + report.people());
        report.realOverPromised()
                .forEach((promise, ratio) -> table.ratio(
                        "false match rate over that promised, " + promise, ratio, "realOverPromised." + promise));
        report.averaged()
                .forEach((at, ratio) -> table.ratio(
                        "false match rate with 4 photos over 1, at that for " + at, ratio, "averaged." + at));
        report.fpir().forEach((gallery, fpir) -> table.share("FPIR, " + gallery, fpir, "fpir." + gallery));
        table.share("FPIR, mean of these, where 0.5 % was promised", report.meanFpir(), "meanFpir");
        table.share("FNIR there, 3 photos", report.fnir(), "fnir");
        table.run(run);
    }
}
