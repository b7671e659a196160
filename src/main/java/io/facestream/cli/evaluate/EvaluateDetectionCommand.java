package io.facestream.cli.evaluate;

import io.facestream.cli.publish.PictureFiles;
import io.facestream.cli.terminal.Progress;
import io.facestream.cli.terminal.Table;
import io.facestream.configuration.Settings;
import io.facestream.detection.DetectionConfig;
import io.facestream.detection.FaceDetectors;
import io.facestream.evaluation.Detection;
import io.facestream.evaluation.ErrorFolder;
import io.facestream.evaluation.EvaluationData;
import io.facestream.evaluation.EvaluationRun;
import io.facestream.evaluation.Reports;
import io.facestream.faces.FaceDetector;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import java.io.IOException;
import java.nio.file.Path;
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
import picocli.CommandLine.Spec;

@Command(
        name = "detection",
        description = {
            "Is every face found, and nothing else? A detected box matches at most one labelled box, and must overlap"
                    + " it enough.",
            "--people, --model, --degrade and --cache concern later stages and have no effect here."
        },
        mixinStandardHelpOptions = true)
final class EvaluateDetectionCommand implements Callable<Integer> {
    @Mixin
    private EvaluationOptions options;

    @Option(
            names = "--boxes",
            paramLabel = "CSV",
            description = "Lines `file,x,y,width,height,class`, with that header. Without it, pictures count as empty.")
    private Path boxes;

    @Option(
            names = "--detector",
            paramLabel = "NAME",
            description = "${COMPLETION-CANDIDATES}; default: the configured one.")
    private DetectionConfig.Detector detector;

    @Option(
            names = "--overlap",
            paramLabel = "IOU",
            defaultValue = "0.4",
            description = "Least intersection over union of a match; default: ${DEFAULT-VALUE}.")
    private float overlap;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        EvaluationClock clock = EvaluationClock.start();
        Optional<Path> reportFile = options.report();
        Optional<ErrorFolder> errors = options.errors();
        Settings settings = Settings.load();
        List<Path> files = PictureFiles.list(options.images().toString());
        if (files.isEmpty()) {
            throw new IOException("no pictures in " + options.images());
        }
        PictureBounds bounds = settings.get(PictureBounds.class);
        PictureDecoder decoder = new PictureDecoder(bounds);
        Detection detection = new Detection(Optional.ofNullable(boxes), overlap);
        detection.requireLabelledAmong(files);
        DetectionConfig config = settings.get(DetectionConfig.class);
        DetectionConfig.Detector chosen = detector == null ? config.detector() : detector;
        try (FaceDetectors detectors = FaceDetectors.load(chosen, config);
                FaceDetector finder = detectors.detector();
                ProgressBar bar = Progress.bar("Detecting", files.size(), false)) {
            // A network's first run takes longer, so it is not timed.
            new Detection(Optional.empty(), overlap).add(files.get(0), decoder, bounds.maxBytes(), finder);
            for (Path file : files) {
                detection.add(file, decoder, bounds.maxBytes(), finder);
                bar.step();
            }
        }
        Detection.Report report = detection.report(options.seed());
        EvaluationRun run = clock.run(
                "detection",
                EvaluationNetworks.detector(chosen, config),
                options,
                Map.of("overlap", overlap),
                new EvaluationData(
                        EvaluationData.Folder.of(options.images(), detection),
                        null,
                        options.files(boxes == null ? Map.of() : Map.of("boxes", boxes)),
                        List.of(),
                        detection.undecodable()));
        if (reportFile.isPresent()) {
            Reports.write(reportFile.get(), report, run);
        }
        if (errors.isPresent()) {
            long wrong =
                    detection.judged().stream().filter(Detection.Judged::wrong).count();
            try (ProgressBar bar = Progress.bar("Writing errors", wrong, false)) {
                errors.get().write(detection, decoder, bounds.maxBytes(), bar::step);
            }
        }
        print(report, run);
        return 0;
    }

    private void print(Detection.Report report, EvaluationRun run) {
        Table table = new Table(spec.commandLine().getOut(), report.intervals());
        table.line("pictures, labelled faces", report.images() + ", " + report.faces());
        table.share("recall", report.recall().all(), "recall.all");
        table.share("recall, 40 px and more", report.recall().min40(), "recall.min40");
        report.recallByClass().forEach((kind, recall) -> {
            table.share("recall, " + kind, recall.all(), "recallByClass." + kind + ".all");
            table.share("recall, " + kind + ", 40 px and more", recall.min40(), "recallByClass." + kind + ".min40");
        });
        table.count("labels that no box matches", report.falseNegatives(), "falseNegatives");
        table.count("boxes that match no label", report.falsePositives(), "falsePositives");
        table.millis("milliseconds per picture, mean", report.millisPerImage(), "millisPerImage");
        table.millis("milliseconds per picture, median", report.medianMillisPerImage(), "medianMillisPerImage");
        table.line(
                "milliseconds per picture, fastest and slowest",
                String.format(Locale.ROOT, "%.1f, %.1f", report.millisRange()[0], report.millisRange()[1]));
        if (report.undecodableFaces() > 0) {
            table.line("labelled faces in pictures that cannot be decoded", report.undecodableFaces());
        }
        table.run(run);
    }
}
