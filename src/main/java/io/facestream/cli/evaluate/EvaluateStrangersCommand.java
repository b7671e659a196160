package io.facestream.cli.evaluate;

import io.facestream.cli.terminal.Table;
import io.facestream.configuration.Settings;
import io.facestream.evaluation.EvaluationData;
import io.facestream.evaluation.EvaluationRun;
import io.facestream.evaluation.Reports;
import io.facestream.evaluation.strangers.StrangersAgain;
import io.facestream.faces.Quality;
import io.facestream.gallery.strangers.StrangerSearch;
import io.facestream.gallery.strangers.StrangersConfig;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.LabelledPhotos.Photo;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "strangers",
        description = {
            "Is who comes back the same stranger? People of --images come three times each, one photo a time, in a"
                    + " random",
            "order, drawn 20 times; nobody is enrolled. People with fewer photos are left out."
        },
        mixinStandardHelpOptions = true)
final class EvaluateStrangersCommand implements Callable<Integer> {
    @Mixin
    private EvaluationOptions options;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, SQLException {
        EvaluationClock clock = EvaluationClock.start();
        options.check();
        Optional<Path> file = options.report();
        Settings settings = Settings.load();
        StrangersConfig config = settings.get(StrangersConfig.class);
        PrintWriter err = spec.commandLine().getErr();
        List<Photo> photos = ofEnoughPhotos(options.photos(err), Function.identity());
        try (EvaluationNetworks networks = options.load(settings)) {
            List<EmbeddedPhoto> embedded = networks.embed("People", photos);
            List<EmbeddedPhoto> people = ofEnoughPhotos(EvaluationOptions.decodable(embedded), EmbeddedPhoto::photo);
            float leastNorm = StrangerSearch.leastNorm(networks.version(), config);
            StrangersAgain.Report report = new StrangersAgain(
                            people, photo -> isGood(photo.quality(), leastNorm, config), options.seed())
                    .report(strangers -> StrangerSearch.threshold(networks.version(), strangers, 0, config));
            EvaluationRun run = clock.run(
                    "strangers",
                    networks,
                    null,
                    options,
                    Map.of("visits", StrangersAgain.VISITS, "targetFpir", config.targetFpir()),
                    options.data(EvaluationData.Folder.of(options.images(), embedded), null, Map.of(), embedded));
            if (file.isPresent()) {
                Reports.write(file.get(), report, run);
            }
            print(report, run);
        }
        return 0;
    }

    private <T> List<T> ofEnoughPhotos(List<T> photos, Function<T, Photo> photo) throws IOException {
        Map<String, Long> count = photos.stream()
                .collect(Collectors.groupingBy(one -> photo.apply(one).name(), Collectors.counting()));
        List<T> enough = photos.stream()
                .filter(one -> count.get(photo.apply(one).name()) >= StrangersAgain.VISITS)
                .toList();
        if (enough.isEmpty()) {
            throw new IOException(
                    "nobody in " + options.images() + " has " + StrangersAgain.VISITS + " photos that can be decoded");
        }
        return enough;
    }

    private static boolean isGood(Quality quality, float leastNorm, StrangersConfig config) {
        return quality.size() >= config.minFaceSize()
                && quality.sharpness() >= config.minSharpness()
                && quality.norm() >= leastNorm;
    }

    private void print(StrangersAgain.Report report, EvaluationRun run) {
        Table table = new Table(spec.commandLine().getOut(), report.intervals());
        table.line("people, drawings", report.people() + ", " + report.drawings());
        table.line("photos without a face, or too poor to keep", report.poorPhotos());
        table.line("visits, strangers at the end", mean(report.visits()) + ", " + mean(report.strangers()));
        table.line("threshold at the end", String.format(Locale.ROOT, "%.3f", report.threshold()));
        table.share("people who are more than one stranger", report.asTwo(), "asTwo");
        table.share("people who share a stranger with somebody else", report.asOne(), "asOne");
        report.curve()
                .forEach(point -> table.line(
                        String.format(Locale.ROOT, "at %.3f: more than one, share with somebody", point.threshold()),
                        String.format(Locale.ROOT, "%.2f %%, %.2f %%", 100 * point.asTwo(), 100 * point.asOne())));
        table.run(run);
    }

    private static String mean(double mean) {
        return String.format(Locale.ROOT, "%.1f", mean);
    }
}
