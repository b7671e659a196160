package io.facestream.cli.evaluate;

import io.facestream.cli.terminal.Progress;
import io.facestream.cli.terminal.Table;
import io.facestream.configuration.Settings;
import io.facestream.detection.DetectionConfig;
import io.facestream.detection.FaceDetectors;
import io.facestream.evaluation.EvaluationData;
import io.facestream.evaluation.EvaluationRun;
import io.facestream.evaluation.Reports;
import io.facestream.evaluation.attacks.PresentationAttack;
import io.facestream.evaluation.attacks.PresentationAttack.Shown;
import io.facestream.faces.Box;
import io.facestream.faces.DetectedFace;
import io.facestream.faces.FaceDetector;
import io.facestream.faces.liveness.LivenessNetwork;
import io.facestream.faces.liveness.LivenessScorer;
import io.facestream.faces.liveness.NetworkScorer;
import io.facestream.frames.Picture;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import io.facestream.messaging.RejectedException;
import io.facestream.networks.ComputeDevice;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.LabelledPhotos.Photo;
import io.facestream.photos.PhotoBytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "presentation-attack",
        description = {
            "Are pictures of faces taken for faces? The folder --images holds the folder `live`, and one for each",
            "species of attack, such as `print` and `screen`. Of each picture the largest face is scored. The",
            "network is of undocumented origin, and opens no door: no decision rests on it."
        },
        mixinStandardHelpOptions = true)
final class EvaluatePresentationAttackCommand implements Callable<Integer> {
    private static final String LIVE = "live";

    /** Of recognition, or of lists of people. */
    private static final List<String> NOT_HERE = List.of("--people", "--model", "--errors", "--degrade", "--cache");

    @Mixin
    private EvaluationOptions options;

    @Option(
            names = "--threshold",
            paramLabel = "T",
            defaultValue = "0.5",
            description = "Faces with a smaller score are taken for attacks, 0 to 1; default: ${DEFAULT-VALUE}.")
    private double threshold;

    @Option(
            names = "--near",
            description = {
                "Scores only faces that events have a score of: at least as wide as",
                "facestream.detection.liveness.least-width, and not too near the picture's edge. Others are counted",
                "as without a face found."
            })
    private boolean near;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new ParameterException(spec.commandLine(), "--threshold is 0 to 1, not " + threshold);
        }
        for (String option : NOT_HERE) {
            if (spec.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new ParameterException(spec.commandLine(), "presentation-attack has no use for " + option);
            }
        }
        EvaluationClock clock = EvaluationClock.start();
        options.check();
        Optional<Path> file = options.report();
        List<Photo> photos = options.photos(spec.commandLine().getErr());
        long live = photos.stream().filter(photo -> photo.name().equals(LIVE)).count();
        if (live == 0 || live == photos.size()) {
            throw new IOException(options.images() + " needs photos in the folder `" + LIVE
                    + "`, and in one for each species of attack");
        }
        DetectionConfig config = Settings.load().get(DetectionConfig.class);
        List<Shown> shown = new ArrayList<>();
        List<EmbeddedPhoto> seen = see(photos, config, shown);
        if (shown.stream().noneMatch(one -> one.species() == null)
                || shown.stream().noneMatch(one -> one.species() != null)) {
            throw new IOException("no photo of a live face, or none of an attack, can be decoded");
        }
        PresentationAttack.Report report = new PresentationAttack(shown, options.seed()).report(threshold);
        EvaluationRun run = clock.run(
                "presentation-attack",
                EvaluationNetworks.detector(config.detector(), config),
                options,
                Map.of(
                        "threshold",
                        threshold,
                        "near",
                        near,
                        "leastWidth",
                        near ? config.liveness().leastWidth() : 0),
                options.data(EvaluationData.Folder.of(options.images(), seen), null, Map.of(), seen));
        if (file.isPresent()) {
            Reports.write(file.get(), report, run);
        }
        print(report, run);
        return 0;
    }

    /** @param shown gets what is known of each picture that can be decoded */
    private List<EmbeddedPhoto> see(List<Photo> photos, DetectionConfig config, List<Shown> shown) throws IOException {
        PictureBounds bounds = Settings.load().get(PictureBounds.class);
        PictureDecoder decoder = new PictureDecoder(bounds);
        List<EmbeddedPhoto> seen = new ArrayList<>();
        try (FaceDetectors detectors = FaceDetectors.load(config);
                FaceDetector detector = detectors.detector();
                LivenessNetwork network = LivenessNetwork.load(ComputeDevice.AUTO);
                LivenessScorer scorer = new NetworkScorer(network);
                ProgressBar bar = Progress.bar("Photos", photos.size(), false)) {
            for (Photo photo : photos) {
                byte[] bytes = null;
                try {
                    bytes = PhotoBytes.read(photo.file(), bounds.maxBytes());
                    try (Picture picture = decoder.decode(bytes)) {
                        String species = photo.name().equals(LIVE) ? null : photo.name();
                        shown.add(new Shown(species, score(picture, config, detector, scorer)));
                        seen.add(new EmbeddedPhoto(photo, PhotoBytes.decodable(bytes), null, null, null, null));
                    }
                } catch (RejectedException e) {
                    seen.add(new EmbeddedPhoto(photo, PhotoBytes.undecodable(bytes, e), null, null, null, null));
                }
                bar.step();
            }
        }
        return seen;
    }

    private double score(Picture picture, DetectionConfig config, FaceDetector detector, LivenessScorer scorer) {
        return detector.detect(picture).stream()
                .map(DetectedFace::box)
                .max(Comparator.comparingDouble(Box::area))
                .filter(box -> !near
                        || LivenessNetwork.isNear(
                                box, picture, config.liveness().leastWidth()))
                .map(box -> (double) scorer.score(picture, List.of(box))[0])
                .orElse(Double.NaN);
    }

    private void print(PresentationAttack.Report report, EvaluationRun run) {
        Table table = new Table(spec.commandLine().getOut(), report.intervals());
        table.line("live faces, without a face found", group(report.live()));
        report.attacks().forEach((species, group) -> table.line(species + ", without a face found", group(group)));
        table.share("BPCER at " + threshold, report.at().bpcer(), "bpcer");
        report.at().apcer().forEach((species, rate) -> table.share("APCER, " + species, rate, "apcer." + species));
        table.share("APCER, worst", report.at().worstApcer(), "worstApcer");
        for (PresentationAttack.Rates rates : report.curve()) {
            table.line(
                    String.format(Locale.ROOT, "at %.2f: worst APCER, BPCER", rates.threshold()),
                    percent(rates.worstApcer()) + ", " + percent(rates.bpcer()));
        }
        table.run(run);
    }

    private static String group(PresentationAttack.Group group) {
        return group.pictures() + ", " + group.noResponse();
    }

    private static String percent(Double share) {
        return share == null ? "-" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
