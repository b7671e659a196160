package io.facestream.cli.evaluate;

import io.agroal.api.AgroalDataSource;
import io.facestream.cli.terminal.Progress;
import io.facestream.cli.terminal.Table;
import io.facestream.configuration.Settings;
import io.facestream.embedded.Durability;
import io.facestream.embedded.LocalPostgres;
import io.facestream.embedded.ScratchFolder;
import io.facestream.evaluation.EvaluationData;
import io.facestream.evaluation.EvaluationRun;
import io.facestream.evaluation.Reports;
import io.facestream.evaluation.strangers.KeptStrangers;
import io.facestream.evaluation.strangers.StrangersAgain;
import io.facestream.gallery.GallerySchema;
import io.facestream.gallery.strangers.StrangerSearch;
import io.facestream.gallery.strangers.StrangersConfig;
import io.facestream.identities.MatchingConfig;
import io.facestream.models.ModelVersion;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.LabelledPhotos.Photo;
import io.facestream.photos.VisitFrame;
import io.facestream.sightings.SightingsConfig;
import io.facestream.sightings.SightingsStage;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "strangers",
        description = {
            "Is who comes back the same stranger? People of --images come three times each, in a random order, drawn 20"
                    + " times; each visit is 5 frames that are made from another photo. Nobody is enrolled. People with"
                    + " fewer photos are left out.",
            "Strangers are kept as the service keeps them, in a database that is made for it and thrown away."
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
        StrangersAgain again = new StrangersAgain(
                ofEnoughPhotos(options.photos(spec.commandLine().getErr())), options.seed());
        try (EvaluationNetworks networks = options.load(settings)) {
            Map<Photo, List<EmbeddedPhoto>> frames = film(again.photos(), networks);
            List<EmbeddedPhoto> filmed =
                    frames.values().stream().map(visit -> visit.get(0)).toList();
            StrangersAgain.Report report = report(again, frames, networks.version(), settings);
            EvaluationRun run = clock.run(
                    "strangers",
                    networks,
                    null,
                    options,
                    Map.of(
                            "visits",
                            StrangersAgain.VISITS,
                            "frames",
                            StrangersAgain.FRAMES,
                            "targetFpir",
                            config.targetFpir(),
                            "doubtFpir",
                            config.doubtFpir(),
                            "leastNorm",
                            StrangerSearch.leastNorm(networks.version(), config)),
                    options.data(EvaluationData.Folder.of(options.images(), filmed), null, Map.of(), filmed));
            if (file.isPresent()) {
                Reports.write(file.get(), report, run);
            }
            print(report, run);
        }
        return 0;
    }

    private List<Photo> ofEnoughPhotos(List<Photo> photos) throws IOException {
        Map<String, Long> count = photos.stream().collect(Collectors.groupingBy(Photo::name, Collectors.counting()));
        List<Photo> enough = photos.stream()
                .filter(photo -> count.get(photo.name()) >= StrangersAgain.VISITS)
                .toList();
        if (enough.isEmpty()) {
            throw new IOException("nobody in " + options.images() + " has " + StrangersAgain.VISITS + " photos");
        }
        return enough;
    }

    /** The frames of each photo's visit. */
    private Map<Photo, List<EmbeddedPhoto>> film(List<Photo> photos, EvaluationNetworks networks) throws IOException {
        Map<Photo, List<EmbeddedPhoto>> frames = new HashMap<>();
        for (int i = 0; i < StrangersAgain.FRAMES; i++) {
            List<EmbeddedPhoto> embedded = networks.with(new VisitFrame(i, StrangersAgain.FRAMES, options.seed()))
                    .embed("Frame " + (i + 1) + " of " + StrangersAgain.FRAMES, photos);
            EvaluationOptions.decodable(embedded);
            for (EmbeddedPhoto photo : embedded) {
                frames.computeIfAbsent(photo.photo(), of -> new ArrayList<>()).add(photo);
            }
        }
        return frames;
    }

    private StrangersAgain.Report report(
            StrangersAgain again, Map<Photo, List<EmbeddedPhoto>> frames, ModelVersion evaluated, Settings settings)
            throws IOException, SQLException {
        StrangersConfig config = settings.get(StrangersConfig.class);
        ModelVersion version = evaluated.withStatus(ModelVersion.Status.ACTIVE);
        try (ScratchFolder folder = ScratchFolder.make();
                LocalPostgres server = LocalPostgres.start(folder.path(), 0, Durability.THROW_AWAY);
                AgroalDataSource database = server.pool();
                ProgressBar bar = Progress.bar("Drawings", StrangersAgain.DRAWINGS, false)) {
            // The faces are embedded already, so the network itself is not needed there.
            GallerySchema.migrate(database, version, new byte[0]);
            return again.report(
                    frames,
                    new KeptStrangers(
                            database,
                            version,
                            settings.get(MatchingConfig.class),
                            config,
                            SightingsStage.rules(settings.get(SightingsConfig.class), config)),
                    strangers -> StrangerSearch.threshold(version, strangers, 0, config),
                    bar::step);
        }
    }

    private void print(StrangersAgain.Report report, EvaluationRun run) {
        Table table = new Table(spec.commandLine().getOut(), report.intervals());
        table.line("people, drawings", report.people() + ", " + report.drawings());
        table.line("visits of a drawing, frames of a visit", report.visits() + ", " + report.frames());
        table.line("strangers at the end", String.format(Locale.ROOT, "%.1f", report.strangers()));
        table.line("threshold at the end", String.format(Locale.ROOT, "%.3f", report.threshold()));
        table.share("visits of somebody who is kept", report.kept(), "kept");
        table.share("people who are more than one stranger", report.asTwo(), "asTwo");
        table.share("people who share a stranger with somebody else", report.asOne(), "asOne");
        table.run(run);
    }
}
