package io.facestream.cli;

import io.facestream.evaluation.Chips;
import io.facestream.evaluation.EmbeddedPhoto;
import io.facestream.evaluation.LabelledPhotos;
import io.facestream.evaluation.LabelledPhotos.Photo;
import io.facestream.evaluation.OpenSetIdentification;
import io.facestream.evaluation.Reports;
import io.facestream.gallery.GalleryState;
import io.facestream.identities.Decider;
import io.facestream.identities.MatchingConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "identification",
        description = {
            "Who is it, of those enrolled, or nobody? Enrols some photos of each person, drawn 20 times, and searches for",
            "their other photos and for strangers. People of --images with too few photos are left out."
        },
        mixinStandardHelpOptions = true)
final class EvaluateIdentificationCommand implements Callable<Integer> {
    @Mixin
    private EvaluationOptions options;

    @Option(
            names = "--strangers",
            required = true,
            paramLabel = "DIR",
            description =
                    "Photos of people who are not enrolled: DIR/NAME/*. May be that of --images: who is enrolled is no"
                            + " stranger.")
    private Path strangers;

    @Option(
            names = "--enrol",
            paramLabel = "N",
            defaultValue = "3",
            description = "Photos of each person that are enrolled; ${DEFAULT-VALUE}.")
    private int enrol;

    @Option(
            names = "--min-photos",
            paramLabel = "N",
            description = "Enrols people with so many photos or more; one more than --enrol unless told.")
    private Integer minPhotos;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, SQLException {
        int least = minPhotos == null ? enrol + 1 : minPhotos;
        if (enrol < 1 || least <= enrol) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--enrol is at least 1, and --min-photos larger: a photo is left to search for");
        }
        Optional<Path> file = options.report();
        Optional<Path> errors = options.errors();
        Settings settings = Settings.load();
        List<Photo> photos = options.photos();
        Map<String, Long> count = photos.stream().collect(Collectors.groupingBy(Photo::name, Collectors.counting()));
        List<Photo> ofEnrolled = photos.stream()
                .filter(photo -> count.get(photo.name()) >= least)
                .toList();
        if (ofEnrolled.isEmpty()) {
            throw new IOException("nobody in " + options.images() + " has " + least + " photos");
        }
        Set<String> enrolled = ofEnrolled.stream().map(Photo::name).collect(Collectors.toSet());
        List<Photo> ofStrangers = LabelledPhotos.in(strangers).stream()
                .filter(photo -> !enrolled.contains(photo.name()))
                .toList();
        if (ofStrangers.isEmpty()) {
            throw new IOException("everybody in " + strangers + " is enrolled: there are no strangers");
        }
        try (EvaluationOptions.Networks networks = options.load(settings)) {
            List<EmbeddedPhoto> gallery = networks.embed("People", ofEnrolled);
            List<EmbeddedPhoto> others = networks.embed("Strangers", ofStrangers);
            OpenSetIdentification identification = new OpenSetIdentification(
                    gallery,
                    others,
                    enrol,
                    options.seed(),
                    deciders(settings.get(MatchingConfig.class), networks),
                    networks.version().calibration());
            OpenSetIdentification.Report report = identification.report();
            if (file.isPresent()) {
                Reports.write(file.get(), report);
                OpenSetIdentification.plot(file.get(), report);
            }
            if (errors.isPresent()) {
                Chips.write(
                        errors.get(),
                        identification.falseMatches().stream()
                                .map(match -> new Chips.Pair("named", match.distance(), match.probe(), match.matched()))
                                .toList(),
                        networks.embedder());
            }
            print(report);
        }
        return 0;
    }

    /** The threshold is that of a gallery of so many people, not refined by their own false matches. */
    private static IntFunction<Decider> deciders(MatchingConfig config, EvaluationOptions.Networks networks) {
        return templates -> new Decider(networks.version(), new GalleryState(0, templates, 0), config);
    }

    private void print(OpenSetIdentification.Report report) {
        Table table = new Table(spec.commandLine().getOut(), report.intervals());
        table.line(
                "people, photos of each enrolled, drawings",
                report.people() + ", " + report.enrolled() + ", " + report.drawings());
        table.line("probes in a drawing", report.probes());
        table.line("photos of strangers, their people", report.strangers() + ", " + report.strangerPeople());
        table.line(
                "photos without a detected face",
                report.undetectedPhotosOfPeople() + " and " + report.undetectedPhotosOfStrangers());
        table.line(
                "threshold, separation",
                String.format(Locale.ROOT, "%.3f, %.3f", report.threshold(), report.separation()));
        table.share("FNIR", report.fnir(), "fnir");
        table.share("FPIR", report.fpir(), "fpir");
        table.share("AMBIGUOUS probes", report.ambiguous(), "ambiguous");
        table.share("AMBIGUOUS strangers", report.ambiguousStrangers(), "ambiguousStrangers");
        table.share("rank 1", report.rank1(), "rank1");
        report.fnirAtFpir().forEach((rate, fnir) -> table.share("FNIR at FPIR " + rate, fnir, "fnirAtFpir." + rate));
        if (report.probability() != null) {
            table.line("expected calibration error of the probability", report.probability());
        }
        for (OpenSetIdentification.Growth growth : report.galleryGrowth()) {
            table.line(
                    "with " + growth.people() + " people",
                    String.format(
                            Locale.ROOT,
                            "FNIR %.2f %%, FPIR %.2f %% at %.3f; FNIR at FPIR 1 %%: %s",
                            100 * growth.fnir(),
                            100 * growth.fpir(),
                            growth.threshold(),
                            growth.fnirAtFpir1e2() == null
                                    ? "too few data"
                                    : String.format(Locale.ROOT, "%.2f %%", 100 * growth.fnirAtFpir1e2())));
        }
        for (OpenSetIdentification.Rejection rejection : report.rejectedByNorm()) {
            table.line(
                    String.format(Locale.ROOT, "FNIR at FPIR 1e-2, %.0f %% rejected", 100 * rejection.rejected()),
                    String.format(
                            Locale.ROOT,
                            "%6.2f %% by norm, %.2f %% at random",
                            100 * rejection.fnirAtFpir1e2(),
                            100 * rejection.random()));
        }
    }
}
