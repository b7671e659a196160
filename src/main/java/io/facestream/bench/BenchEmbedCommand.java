package io.facestream.bench;

import io.facestream.embeddings.FaceEmbedder;
import io.facestream.models.ModelVersion;
import io.facestream.models.ShippedModel;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.Network;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "embed",
        description = {
            "Measures how many faces per second the shipped recognition network embeds.",
            "For each size of batch, with each number of callers at a time: two keep a GPU busy while one copies."
        },
        mixinStandardHelpOptions = true)
final class BenchEmbedCommand implements Callable<Integer> {
    private static final int MOST_CALLERS = 64;
    private static final int MOST_SECONDS = 600;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "AUTO",
            description = "cpu, gpu, or auto: a GPU if there is one; default: auto. gpu needs a build with -Pgpu.")
    private ComputeDevice device;

    @Option(
            names = "--batches",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,8,32",
            description = "Faces per run, 1 to 1,024; default: ${DEFAULT-VALUE}.")
    private List<Integer> batches;

    @Option(
            names = "--callers",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,2",
            description = "Threads that embed at a time, 1 to 64; default: ${DEFAULT-VALUE}.")
    private List<Integer> callers;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "5",
            description = "How long each is measured, 1 to 600; default: ${DEFAULT-VALUE}.")
    private int seconds;

    @Option(
            names = "--report",
            paramLabel = "OUT.json",
            defaultValue = "",
            description = "Writes the figures to this file.")
    private String report;

    /** The results. */
    record Report(String version, String device, int cores, List<EmbedBench.Speed> speeds) {}

    @Override
    public Integer call() throws Exception {
        batches.forEach(batch -> check("--batches", batch, FaceEmbedder.LARGEST_BATCH));
        callers.forEach(number -> check("--callers", number, MOST_CALLERS));
        check("--seconds", seconds, MOST_SECONDS);
        byte[] weights = ShippedModel.weights();
        ModelVersion version = ShippedModel.version(weights);
        List<EmbedBench.Speed> speeds = new ArrayList<>();
        String used;
        try (Network network = Network.load(version.version(), weights, device)) {
            used = network.runsOnGpu() ? "gpu" : "cpu";
            EmbedBench bench = new EmbedBench(network, version.inputSide(), Duration.ofSeconds(seconds));
            for (int batch : batches) {
                for (int number : callers) {
                    speeds.add(bench.measure(batch, number));
                }
            }
        }
        Report figures =
                new Report(version.version(), used, Runtime.getRuntime().availableProcessors(), speeds);
        spec.commandLine().getOut().println(BenchReport.of(figures, report));
        return 0;
    }

    private void check(String option, int value, int most) {
        if (value < 1 || value > most) {
            throw new ParameterException(spec.commandLine(), option + " is 1 to " + most + ", not " + value);
        }
    }
}
