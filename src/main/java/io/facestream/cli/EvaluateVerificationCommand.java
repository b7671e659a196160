package io.facestream.cli;

import io.facestream.evaluation.Chips;
import io.facestream.evaluation.EmbeddedPhoto;
import io.facestream.evaluation.LabelledPhotos.Photo;
import io.facestream.evaluation.Reports;
import io.facestream.evaluation.Verification;
import io.facestream.evaluation.Verification.TarAtFar;
import io.facestream.models.ModelRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "verification",
        description = {
            "Are two photos of the same person? By the protocol of Labeled Faces in the Wild: each fold of pairs is judged by",
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
            description = "Of the database's registry; reports also what --model gains over it, with paired intervals.")
    private String baseline;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, SQLException {
        Optional<Path> file = options.report();
        Optional<Path> errors = options.errors();
        List<Photo> files = options.photos();
        // A mistake in the pairs is found before the long work.
        Verification.check(pairs, files, options.people());
        Settings settings = Settings.load();
        if (baseline != null) {
            new ModelRegistry(settings.database()).require(baseline);
        }
        try (EvaluationOptions.Networks networks = options.load(settings)) {
            List<EmbeddedPhoto> photos = networks.embed("Embedding", files);
            Verification verification = verification(photos);
            Verification.Report report =
                    baseline == null ? verification.report() : verification.reportAgainst(baseline(settings, files));
            if (file.isPresent()) {
                Reports.write(file.get(), report);
                verification.plot(file.get());
            }
            if (errors.isPresent()) {
                Chips.write(
                        errors.get(),
                        verification.wrong().stream()
                                .map(pair -> new Chips.Pair(
                                        pair.same() ? "same" : "different",
                                        pair.distance(),
                                        pair.first(),
                                        pair.second()))
                                .toList(),
                        networks.embedder());
            }
            print(report);
        }
        return 0;
    }

    private Verification baseline(Settings settings, List<Photo> files) throws IOException, SQLException {
        try (EvaluationOptions.Networks networks = options.load(settings, baseline)) {
            return verification(networks.embed("Embedding by " + baseline, files));
        }
    }

    private Verification verification(List<EmbeddedPhoto> photos) throws IOException {
        return new Verification(photos, pairs, options.people(), options.degrades(), options.seed());
    }

    private void print(Verification.Report report) {
        Table table = new Table(spec.commandLine().getOut(), report.intervals());
        table.line("photos, people", report.photos() + ", " + report.people());
        table.line("photos without a detected face", report.undetected());
        table.line("pairs", report.pairs());
        table.share("accuracy", report.accuracy(), "accuracy");
        table.line("standard error", String.format(Locale.ROOT, "%6.2f %%", 100 * report.standardError()));
        table.line("threshold", String.format(Locale.ROOT, "%6.3f", report.threshold()));
        print(table, "", "", new TarAtFar(report.tarAtFar(), report.tarAtFarMeanOverPeople()));
        if (report.clearGallery() != null) {
            print(table, "clear gallery, ", "clearGallery.", report.clearGallery());
        }
        if (report.gains() != null) {
            report.gains().forEach((name, gain) -> table.gain(name, gain));
        }
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
