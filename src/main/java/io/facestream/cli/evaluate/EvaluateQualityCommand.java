package io.facestream.cli.evaluate;

import io.facestream.cli.terminal.Table;
import io.facestream.configuration.Settings;
import io.facestream.evaluation.EvaluationData;
import io.facestream.evaluation.EvaluationRun;
import io.facestream.evaluation.Reports;
import io.facestream.evaluation.quality.QualitySearches;
import io.facestream.evaluation.quality.QualityTrial;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.Hardship;
import io.facestream.photos.LabelledPhotos.Photo;
import io.facestream.photos.PhotoEmbedder;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
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
        name = "quality",
        description = {
            "Does the quality of a face say whether it is told right? Enrols people, searches for their other photos,"
                    + " as they",
            "are and made hard in many ways, and counts the errors that remain as the worst faces are discarded."
                    + " --errors has",
            "no effect here."
        },
        mixinStandardHelpOptions = true)
final class EvaluateQualityCommand implements Callable<Integer> {
    @Mixin
    private EvaluationOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, SQLException {
        if (options.degrades()) {
            throw new ParameterException(
                    spec.commandLine(), "quality makes the photos hard itself: leave out --degrade");
        }
        EvaluationClock clock = EvaluationClock.start();
        options.check();
        Optional<Path> file = options.report();
        QualitySearches.Photos photos =
                QualitySearches.Photos.of(options.photos(spec.commandLine().getErr()));
        QualityTrial.check(photos);
        try (EvaluationNetworks networks = options.load(Settings.load())) {
            List<EmbeddedPhoto> all = new ArrayList<>(networks.embed("To enrol", photos.enrolled()));
            QualitySearches searches = new QualitySearches(networks.version(), EvaluationOptions.decodable(all));
            for (Hardship hardship : Hardship.values()) {
                List<EmbeddedPhoto> probes = embed(networks, hardship, photos.probes());
                searches.search(
                        hardship,
                        probes.stream().filter(EmbeddedPhoto::decodable).toList());
                if (hardship == Hardship.NONE) {
                    all.addAll(probes);
                }
            }
            EvaluationData.Folder folder = EvaluationData.Folder.of(options.images(), all);
            QualityTrial.Report report = new QualityTrial(searches, options.seed())
                    .report(String.format(
                            Locale.ROOT,
                            "evaluate quality, %s, %s, %d people, photos %s, seed %d",
                            networks.version().version(),
                            networks.detector().name(),
                            folder.people(),
                            folder.sha256(),
                            options.seed()));
            EvaluationRun run =
                    clock.run("quality", networks, null, options, Map.of(), options.data(folder, null, Map.of(), all));
            if (file.isPresent()) {
                Reports.write(file.get(), report, run);
            }
            print(report, run);
        }
        return 0;
    }

    private List<EmbeddedPhoto> embed(EvaluationNetworks networks, Hardship hardship, List<Photo> probes)
            throws IOException {
        return hardship == Hardship.NONE
                ? networks.embed("As they are", probes)
                : networks.with(new PhotoEmbedder.Hard(hardship, options.seed()))
                        .embed(name(hardship), probes);
    }

    private static String name(Hardship hardship) {
        return hardship.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private void print(QualityTrial.Report report, EvaluationRun run) {
        Table table = new Table(spec.commandLine().getOut(), report.intervals());
        table.line("people, faces searched for", report.people() + ", " + report.faces());
        report.byHardship()
                .forEach((hardship, of) -> table.line(
                        name(hardship) + ": found, not found, told right, mean quality",
                        String.format(
                                Locale.ROOT,
                                "%d, %d, %.1f %%, %.3f",
                                of.faces(),
                                of.undetected(),
                                100 * of.right(),
                                of.quality())));
        print(table, "quality, fitted on other people", "fitted", report.fitted());
        print(table, "quality, as it ships", "shipped", report.shipped());
        print(table, "norm", "norm", report.norm());
        table.share("area under the errors, a perfect quality", report.perfect().area(), "perfect.area");
        table.share("area under the errors, discarding at random", report.random(), "random");
        table.run(run);
    }

    private static void print(Table table, String what, String name, QualityTrial.Worth worth) {
        worth.errors()
                .forEach((discarded, errors) -> table.share(
                        String.format(Locale.ROOT, "errors, %.0f %% discarded by %s", 100 * discarded, what),
                        errors,
                        name + ".errors." + discarded));
        table.share("area under the errors, " + what, worth.area(), name + ".area");
        if (worth.calibrationError() != null) {
            table.measure("expected calibration error, " + what, worth.calibrationError(), name + ".calibrationError");
        }
    }
}
