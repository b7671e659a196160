package io.facestream.bench.gate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.messaging.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "gate",
        description = {
            "Measures what the cameras' motion gate lets pass of a recording whose truth is known.",
            "With --faces, also of made scenes: faces in the recording's empty frames, with switched lights, changes of"
                    + " exposure, night, a swaying tree, rain, and somebody who stands for ten minutes."
        },
        mixinStandardHelpOptions = true)
public final class BenchGateCommand implements Callable<Integer> {
    private static final int MOST_SCENES = 1_000;

    @Parameters(index = "0", paramLabel = "VIDEO", description = "The recording.")
    private Path video;

    @Option(
            names = "--occupied",
            required = true,
            split = ",",
            paramLabel = "FROM-TO",
            description = "When somebody is in it, in seconds, such as 6.0-19.7,22.7-44.9.")
    private List<String> occupied;

    @Option(names = "--faces", paramLabel = "FOLDER", description = "Photos of faces, such as those of LFW.")
    private Path faces;

    @Option(names = "--fps", paramLabel = "N", defaultValue = "5", description = "Default: ${DEFAULT-VALUE}.")
    private double fps;

    @Option(
            names = "--hold",
            paramLabel = "DURATION",
            defaultValue = "PT0.4S",
            description = "How long the gate stays open after the last motion; default: ${DEFAULT-VALUE}.")
    private Duration hold;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Of the first made scenes.")
    private long seed;

    @Option(
            names = "--scenes",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many are made of each kind, with one seed after the other; default: ${DEFAULT-VALUE}.")
    private int scenes;

    @Option(names = "--json", description = "Prints the figures as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        List<GateBench.Stretch> stretches = occupied.stream().map(this::stretch).toList();
        if (!(fps > 0 && fps <= 60)) {
            throw refused("--fps is above 0 and at most 60, not " + fps);
        }
        if (scenes < 1 || scenes > MOST_SCENES) {
            throw refused("--scenes is 1 to " + MOST_SCENES + ", not " + scenes);
        }
        GateBench bench = new GateBench(fps, hold);
        GateBench.Recording recording = bench.recording(video, stretches);
        Map<String, GateTally.Result> results = new LinkedHashMap<>();
        results.put("recording", recording.passed());
        if (faces != null) {
            results.putAll(bench.scenes(faces, seed, scenes));
        }
        print(recording, results);
        return 0;
    }

    private GateBench.Stretch stretch(String text) {
        String[] ends = text.split("-", -1);
        try {
            if (ends.length == 2) {
                return new GateBench.Stretch(Double.parseDouble(ends[0]), Double.parseDouble(ends[1]));
            }
        } catch (NumberFormatException e) {
            throw refused("--occupied is FROM-TO in seconds, such as 6.0-19.7, not " + text);
        }
        throw refused("--occupied is FROM-TO in seconds, such as 6.0-19.7, not " + text);
    }

    private ParameterException refused(String why) {
        return new ParameterException(spec.commandLine(), why);
    }

    private void print(GateBench.Recording recording, Map<String, GateTally.Result> results) {
        PrintWriter out = spec.commandLine().getOut();
        double millis = recording.greyMillis() + recording.gateMillis();
        if (json) {
            out.println(new String(
                    Json.write(Map.of(
                            "millisAFrame", millis, "greyMillisAFrame", recording.greyMillis(), "results", results)),
                    UTF_8));
            return;
        }
        out.println("              somebody:                   nobody:                                     visits");
        out.println("                frames   passed  longest   passed =  held  kept al.  open  longest  1 s+  lost");
        out.println("                                  gap, s                                  open, s        whole");
        results.forEach((name, result) -> out.println(String.format(
                Locale.ROOT,
                "%-13s %8d %7.1f%% %8.1f %7.1f%% %5.1f%% %8.1f%% %4.1f%% %8.1f %5d %5d",
                name,
                result.occupied(),
                100 * result.occupiedPassed(),
                result.longestGapSeconds(),
                100 * result.emptyPassed(),
                100 * result.emptyHeld(),
                100 * result.emptyKeptAlive(),
                100 * result.emptyOpen(),
                result.longestOpenSeconds(),
                result.visits(),
                result.visitsLost())));
        out.println(String.format(
                Locale.ROOT,
                "CPU of the gate: %.2f ms a frame, and %.2f ms for the grey picture",
                recording.gateMillis(),
                recording.greyMillis()));
    }
}
