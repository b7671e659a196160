package io.facestream.bench;

import io.facestream.cli.publish.PictureFiles;
import io.facestream.cli.terminal.Progress;
import io.facestream.configuration.Settings;
import io.facestream.detection.DetectionConfig;
import io.facestream.detection.DetectionConfig.Detector;
import io.facestream.frames.PictureBounds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "detect",
        description = {
            "Measures the CPU time that detectors take for the pictures of a folder, without decoding them.",
            "They take turns on each picture, so that whatever else the machine does meets all of them. A round that"
                    + " is not measured comes first, in which networks and Java's compiler warm up."
        },
        mixinStandardHelpOptions = true)
final class BenchDetectCommand implements Callable<Integer> {
    private static final int MOST_ROUNDS = 100;

    @Parameters(index = "0", paramLabel = "FOLDER", description = "Pictures, as `publish` takes them.")
    private Path folder;

    @Option(
            names = "--detectors",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "MTCNN,RFB",
            description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.")
    private List<Detector> detectors;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "How often each picture is looked at, 1 to 100; default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--report",
            paramLabel = "OUT.json",
            defaultValue = "",
            description = "Writes the figures to this file.")
    private String report;

    @Spec
    private CommandSpec spec;

    /** The results. */
    record Report(int rounds, int cores, List<DetectBench.Cost> detectors) {}

    @Override
    public Integer call() throws IOException {
        if (rounds < 1 || rounds > MOST_ROUNDS) {
            throw new ParameterException(spec.commandLine(), "--rounds is 1 to " + MOST_ROUNDS + ", not " + rounds);
        }
        List<Path> files = PictureFiles.list(folder.toString());
        if (files.isEmpty()) {
            throw new IOException("no pictures in " + folder);
        }
        Settings settings = Settings.load();
        try (DetectBench bench = new DetectBench(
                        detectors.stream().distinct().toList(),
                        settings.get(DetectionConfig.class),
                        settings.get(PictureBounds.class));
                ProgressBar bar = Progress.bar("Detecting", (long) files.size() * (rounds + 1), false)) {
            List<DetectBench.Cost> costs = bench.measure(files, rounds, bar::step);
            if (costs.get(0).pictures() == 0) {
                throw new IOException("none of the pictures in " + folder + " can be decoded");
            }
            Report figures = new Report(rounds, Runtime.getRuntime().availableProcessors(), costs);
            spec.commandLine().getOut().println(BenchReport.of(figures, report));
        }
        return 0;
    }
}
