package io.facestream.cli.evaluate;

import io.facestream.cli.terminal.Table;
import io.facestream.configuration.Settings;
import io.facestream.evaluation.ErrorFolder;
import io.facestream.evaluation.EvaluationData;
import io.facestream.evaluation.EvaluationRun;
import io.facestream.evaluation.PairsFile;
import io.facestream.evaluation.Reports;
import io.facestream.evaluation.Verification;
import io.facestream.evaluation.Verification.TarAtFar;
import io.facestream.evaluation.groups.Differential;
import io.facestream.evaluation.groups.GroupedPairs;
import io.facestream.models.ModelRegistry;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.LabelledPhotos.Photo;
import io.facestream.photos.PhotoGroups;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "verification",
        description = {
            "Are two photos of the same person? By the protocol of Labeled Faces in the Wild: each fold of pairs is"
                    + " judged by",
            "the threshold that is best on the others; a pair in which a face is not found counts as wrong."
        },
        mixinStandardHelpOptions = true)
final class EvaluateVerificationCommand implements Callable<Integer> {
    @Mixin
    private EvaluationOptions options;

    @Option(
            names = "--pairs",
            required = true,
            paramLabel = "FILE",
            description = "Lines `NAME I J` or `NAME1 I NAME2 J`, tab-separated, as in LFW's pairs.txt.")
    private Path pairs;

    @Option(
            names = "--baseline",
            paramLabel = "VERSION",
            description = "A version in the registry; also reports what --model gains over it, with paired intervals.")
    private String baseline;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, SQLException {
        EvaluationClock clock = EvaluationClock.start();
        options.check();
        Optional<Path> file = options.report();
        Optional<ErrorFolder> errors = options.errors();
        // Checks the pairs before the long work.
        PairsFile named = PairsFile.read(pairs);
        Set<String> people = options.people();
        PairsFile counted = people.isEmpty() ? named : named.of(people);
        List<Photo> files = people.isEmpty()
                ? options.photos(named.people(), pairs, spec.commandLine().getErr())
                : options.photos(spec.commandLine().getErr());
        counted.check(files);
        Optional<PhotoGroups> groups =
                EvaluationOptions.groups(options.images(), spec.commandLine().getErr());
        Map<String, Path> lists = new TreeMap<>(Map.of("pairs", pairs));
        groups.ifPresent(of -> lists.put("groups", of.file()));
        Settings settings = Settings.load();
        if (baseline != null) {
            new ModelRegistry(settings.database()).require(baseline);
        }
        try (EvaluationNetworks networks = options.load(settings)) {
            List<EmbeddedPhoto> photos = networks.embed("Embedding", files);
            List<EmbeddedPhoto> decodable = EvaluationOptions.decodable(photos);
            Verification verification = verification(photos, people);
            Optional<Baseline> other =
                    baseline == null ? Optional.empty() : Optional.of(baseline(settings, files, people));
            Verification.Report report =
                    other.isPresent() ? verification.reportAgainst(other.get().verification()) : verification.report();
            EvaluationRun run = clock.run(
                    "verification",
                    networks,
                    other.map(Baseline::model).orElse(null),
                    options,
                    Map.of(),
                    options.data(EvaluationData.Folder.of(options.images(), photos), null, lists, photos));
            Optional<Differential.Report> byGroup =
                    groups.map(of -> GroupedPairs.report(decodable, of::of, options.seed()));
            if (file.isPresent()) {
                Reports.write(file.get(), report, GroupLines.section(byGroup), run);
                verification.plot(file.get());
            }
            if (errors.isPresent()) {
                networks.write(errors.get(), verification.errors(), run.data().undecodable());
            }
            print(report, byGroup, run);
        }
        return 0;
    }

    private record Baseline(Verification verification, EvaluationRun.Model model) {}

    private Baseline baseline(Settings settings, List<Photo> files, Set<String> people)
            throws IOException, SQLException {
        try (EvaluationNetworks networks = options.load(settings, baseline)) {
            return new Baseline(
                    verification(networks.embed("Embedding by " + baseline, files), people),
                    EvaluationRun.Model.of(networks.version()));
        }
    }

    private Verification verification(List<EmbeddedPhoto> photos, Set<String> people) throws IOException {
        return new Verification(photos, pairs, people, options.degrades(), options.seed());
    }

    private void print(Verification.Report report, Optional<Differential.Report> byGroup, EvaluationRun run) {
        Table table = new Table(spec.commandLine().getOut(), report.intervals());
        table.line("photos, people", report.photos() + ", " + report.people());
        table.count("photos without a detected face", report.undetected(), "undetected");
        table.line("pairs, and how many with an undetected face", report.pairs() + ", " + report.undetectedPairs());
        if (report.undecodablePairs() > 0) {
            table.line("pairs left out, with a photo that cannot be decoded", report.undecodablePairs());
        }
        table.share("accuracy", report.accuracy(), "accuracy");
        table.line("standard error", String.format(Locale.ROOT, "%6.2f %%", 100 * report.standardError()));
        for (int fold = 0; fold < report.foldAccuracies().length; fold++) {
            table.share("fold " + (fold + 1), report.foldAccuracies()[fold], "foldAccuracies." + fold);
        }
        table.measure("threshold", report.threshold(), "threshold");
        print(table, "", "", new TarAtFar(report.tarAtFar(), report.tarAtFarMeanOverPeople()));
        if (report.clearGallery() != null) {
            print(table, "clear gallery, ", "clearGallery.", report.clearGallery());
        }
        if (report.gains() != null) {
            report.gains().forEach((name, gain) -> table.gain(name, gain));
        }
        byGroup.ifPresent(groups -> GroupLines.print(spec.commandLine().getOut(), groups));
        table.run(run);
    }

    private static void print(Table table, String what, String name, TarAtFar accepts) {
        accepts.tarAtFar()
                .forEach((rate, tar) -> table.share(what + "TAR at FAR " + rate, tar, name + "tarAtFar." + rate));
        accepts.tarAtFarMeanOverPeople()
                .forEach((rate, tar) -> table.share(
                        what + "TAR at FAR " + rate + ", mean over people",
                        tar,
                        name + "tarAtFarMeanOverPeople." + rate));
    }
}
