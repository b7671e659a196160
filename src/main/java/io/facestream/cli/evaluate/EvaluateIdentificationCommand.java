package io.facestream.cli.evaluate;

import io.facestream.cli.terminal.Table;
import io.facestream.configuration.Settings;
import io.facestream.evaluation.ErrorFolder;
import io.facestream.evaluation.EvaluationData;
import io.facestream.evaluation.EvaluationRun;
import io.facestream.evaluation.OpenSetIdentification;
import io.facestream.evaluation.Reports;
import io.facestream.evaluation.groups.Differential;
import io.facestream.gallery.GalleryState;
import io.facestream.identities.Decider;
import io.facestream.identities.MatchingConfig;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.LabelledPhotos;
import io.facestream.photos.LabelledPhotos.Photo;
import io.facestream.photos.PhotoGroups;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "identification",
        description = {
            "Who is it, of those enrolled, or nobody? Enrols some photos of each person, drawn 20 times, and searches"
                    + " for",
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
                    "Photos of people who are not enrolled: DIR/NAME/*. May be the folder of --images: enrolled people"
                            + " are left out.")
    private Path strangers;

    @Option(
            names = "--enrol",
            paramLabel = "N",
            defaultValue = "3",
            description = "Photos to enrol of each person; default: ${DEFAULT-VALUE}.")
    private int enrol;

    @Option(
            names = "--min-photos",
            paramLabel = "N",
            description = "Enrols people with at least N photos; default: one more than --enrol.")
    private Integer minPhotos;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, SQLException {
        int least = minPhotos == null ? enrol + 1 : minPhotos;
        if (enrol < 1 || least <= enrol) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--enrol is at least 1, and --min-photos larger than it, so that a photo is left to search for");
        }
        EvaluationClock clock = EvaluationClock.start();
        options.check();
        Optional<Path> file = options.report();
        Optional<ErrorFolder> errors = options.errors();
        Settings settings = Settings.load();
        PrintWriter err = spec.commandLine().getErr();
        List<Photo> photos = options.photos(err);
        List<Photo> ofMany = ofEnoughPhotos(photos, Function.identity(), least);
        if (ofMany.isEmpty()) {
            throw new IOException("nobody in " + options.images() + " has " + least + " photos");
        }
        // Mistakes that can be found before the long work are reported first.
        LabelledPhotos others = LabelledPhotos.of(strangers);
        others.report(err::println);
        strangers(others, names(ofMany.stream()));
        Optional<PhotoGroups> groups = EvaluationOptions.groups(options.images(), err);
        Optional<PhotoGroups> ofOthers =
                Files.isSameFile(options.images(), strangers) ? groups : EvaluationOptions.groups(strangers, err);
        Map<String, Path> lists = new TreeMap<>();
        groups.ifPresent(of -> lists.put("groups", of.file()));
        ofOthers.ifPresent(of -> lists.putIfAbsent(groups.isPresent() ? "groupsOfStrangers" : "groups", of.file()));
        try (EvaluationNetworks networks = options.load(settings)) {
            List<EmbeddedPhoto> people = networks.embed("People", ofMany);
            List<EmbeddedPhoto> gallery =
                    ofEnoughPhotos(EvaluationOptions.decodable(people), EmbeddedPhoto::photo, least);
            if (gallery.isEmpty()) {
                throw new IOException(
                        "nobody in " + options.images() + " has " + least + " photos that can be decoded");
            }
            List<EmbeddedPhoto> unknown = networks.embed(
                    "Strangers", strangers(others, names(gallery.stream().map(EmbeddedPhoto::photo))));
            OpenSetIdentification identification = new OpenSetIdentification(
                    gallery,
                    EvaluationOptions.decodable(unknown),
                    enrol,
                    options.seed(),
                    deciders(settings.get(MatchingConfig.class), networks),
                    networks.version().calibration());
            OpenSetIdentification.Report report = identification.report();
            EvaluationRun run = clock.run(
                    "identification",
                    networks,
                    null,
                    options,
                    Map.of("enrol", enrol, "minPhotos", least),
                    options.data(
                            EvaluationData.Folder.of(options.images(), people),
                            EvaluationData.Folder.of(strangers, unknown),
                            lists,
                            Stream.concat(people.stream(), unknown.stream()).toList()));
            Optional<Differential.Report> byGroup = lists.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Differential.ofSearches(
                            identification.searches(),
                            search -> (search.enrolled() ? groups : ofOthers)
                                    .map(of -> of.of(search.photo()))
                                    .orElse(Map.of()),
                            report.people() + report.strangerPeople(),
                            report.drawings(),
                            options.seed()));
            if (file.isPresent()) {
                Reports.write(file.get(), report, GroupLines.section(byGroup), run);
                OpenSetIdentification.plot(file.get(), report);
            }
            if (errors.isPresent()) {
                networks.write(errors.get(), identification.errors(), run.data().undecodable());
            }
            print(report, byGroup, run);
        }
        return 0;
    }

    private static <T> List<T> ofEnoughPhotos(List<T> photos, Function<T, Photo> photo, int least) {
        Map<String, Long> count = photos.stream()
                .collect(Collectors.groupingBy(one -> photo.apply(one).name(), Collectors.counting()));
        return photos.stream()
                .filter(one -> count.get(photo.apply(one).name()) >= least)
                .toList();
    }

    private static Set<String> names(Stream<Photo> photos) {
        return photos.map(Photo::name).collect(Collectors.toSet());
    }

    /** The photos of people who are not enrolled. */
    private List<Photo> strangers(LabelledPhotos others, Set<String> enrolled) throws IOException {
        List<Photo> photos = others.photos().stream()
                .filter(photo -> !enrolled.contains(photo.name()))
                .toList();
        if (photos.isEmpty()) {
            throw new IOException("everybody in " + strangers + " is enrolled: there are no strangers");
        }
        return photos;
    }

    /** Uses the threshold for a gallery of that size, not refined by its own false matches. */
    private static IntFunction<Decider> deciders(MatchingConfig config, EvaluationNetworks networks) {
        return templates -> new Decider(networks.version(), new GalleryState(0, templates, 0), config);
    }

    private void print(OpenSetIdentification.Report report, Optional<Differential.Report> byGroup, EvaluationRun run) {
        Table table = new Table(spec.commandLine().getOut(), report.intervals());
        table.line(
                "people, photos of each enrolled, drawings",
                report.people() + ", " + report.enrolled() + ", " + report.drawings());
        table.line("probes in a drawing", report.probes());
        table.line("photos of strangers, their people", report.strangers() + ", " + report.strangerPeople());
        table.count(
                "photos of people without a detected face",
                report.undetectedPhotosOfPeople(),
                "undetectedPhotosOfPeople");
        table.count(
                "photos of strangers without a detected face",
                report.undetectedPhotosOfStrangers(),
                "undetectedPhotosOfStrangers");
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
            table.errors("probability", report.probability(), "probability");
        }
        for (OpenSetIdentification.Growth growth : report.galleryGrowth()) {
            String people =
                    "with " + growth.people() + " people at " + String.format(Locale.ROOT, "%.3f", growth.threshold());
            String name = "galleryGrowth." + growth.people();
            table.share(people + ": FNIR", growth.fnir(), name + ".fnir");
            table.share(people + ": FPIR", growth.fpir(), name + ".fpir");
            table.share(people + ": FNIR at FPIR 1e-2", growth.fnirAtFpir1e2(), name + ".fnirAtFpir1e2");
        }
        for (OpenSetIdentification.Rejection rejection : report.rejectedByNorm()) {
            String rejected =
                    String.format(Locale.ROOT, "FNIR at FPIR 1e-2, %.0f %% rejected ", 100 * rejection.rejected());
            String name = "rejectedByNorm." + rejection.rejected();
            table.share(rejected + "by norm", rejection.fnirAtFpir1e2(), name + ".fnirAtFpir1e2");
            table.share(rejected + "at random", rejection.random(), name + ".random");
        }
        byGroup.ifPresent(groups -> GroupLines.print(spec.commandLine().getOut(), groups));
        table.run(run);
    }
}
