package io.facestream.cli;

import io.facestream.evaluation.Chips;
import io.facestream.evaluation.Detection;
import io.facestream.evaluation.Reports;
import io.facestream.faces.DetectionConfig;
import io.facestream.faces.FaceDetector;
import io.facestream.faces.FaceDetectors;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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
            "Is every face found, and nothing else? A detected box matches at most one labelled box, and must overlap it enough.",
            "--people, --model and --degrade concern what comes after detection, and change nothing here."
        },
        mixinStandardHelpOptions = true)
final class EvaluateDetectionCommand implements Callable<Integer> {
    @Mixin
    private EvaluationOptions options;

    @Option(
            names = "--boxes",
            paramLabel = "CSV",
            description = "Lines `file,x,y,width,height,class`, with that header. Without it, no picture has a face.")
    private Path boxes;

    @Option(
            names = "--detector",
            paramLabel = "NAME",
            description = "${COMPLETION-CANDIDATES}; the configured one unless told.")
    private DetectionConfig.Detector detector;

    @Option(
            names = "--overlap",
            paramLabel = "IOU",
            defaultValue = "0.4",
            description = "Least intersection over union of a match; ${DEFAULT-VALUE}.")
    private float overlap;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Optional<Path> reportFile = options.report();
        Optional<Path> errors = options.errors();
        Settings settings = Settings.load();
        List<Path> files = PictureFiles.list(options.images().toString());
        if (files.isEmpty()) {
            throw new IOException("no pictures in " + options.images());
        }
        PictureDecoder decoder = new PictureDecoder(settings.get(PictureBounds.class));
        Detection detection = new Detection(Optional.ofNullable(boxes), overlap);
        detection.requireLabelledAmong(files);
        DetectionConfig config = settings.get(DetectionConfig.class);
        try (FaceDetectors detectors = FaceDetectors.load(detector == null ? config.detector() : detector, config);
                FaceDetector finder = detectors.detector();
                ProgressBar bar = Progress.bar("Detecting", files.size(), false)) {
            // The first run of a network takes longer: it is not timed.
            new Detection(Optional.empty(), overlap).add(files.get(0), decoder, finder);
            for (Path file : files) {
                detection.add(file, decoder, finder);
                bar.step();
            }
        }
        Detection.Report report = detection.report(options.seed());
        if (reportFile.isPresent()) {
            Reports.write(reportFile.get(), report);
        }
        if (errors.isPresent()) {
            for (Detection.Judged judged : detection.judged()) {
                if (judged.wrong() && Double.isFinite(judged.millis())) {
                    Chips.boxes(errors.get(), judged, decoder);
                }
            }
        }
        print(report);
        return 0;
    }

    private void print(Detection.Report report) {
        Table table = new Table(spec.commandLine().getOut(), report.intervals());
        table.line("pictures, labelled faces", report.images() + ", " + report.faces());
        table.share("recall", report.recall().all(), "recall.all");
        table.share("recall, 40 px and more", report.recall().min40(), "recall.min40");
        report.recallByClass().forEach((kind, recall) -> {
            table.share("recall, " + kind, recall.all(), "recallByClass." + kind + ".all");
            table.share("recall, " + kind + ", 40 px and more", recall.min40(), "recallByClass." + kind + ".min40");
        });
        table.line("boxes that match no label", report.falsePositives());
        table.line(
                "milliseconds per picture, mean and median",
                String.format(Locale.ROOT, "%.1f, %.1f", report.millisPerImage(), report.medianMillisPerImage()));
    }
}
