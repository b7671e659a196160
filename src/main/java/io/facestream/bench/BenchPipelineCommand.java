package io.facestream.bench;

import io.facestream.cli.service.Service;
import io.facestream.configuration.Role;
import io.facestream.embedded.EmbeddedHome;
import io.facestream.embedded.ScratchFolder;
import java.util.EnumSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "pipeline",
        description = {
            "Runs every role in this process, with its own broker and database.",
            "Measures frames per second, CPU time a frame, the latency of a single frame on an idle system, and, in the",
            "same run, the frames per second and CPU time of the bare networks in a loop. With the sample camera, also",
            "the time from the first face of a visit to its first name. Frames are sent for a minute before, until",
            "Java has compiled what they need."
        },
        mixinStandardHelpOptions = true)
final class BenchPipelineCommand implements Callable<Integer> {
    @Option(
            names = "--source",
            paramLabel = "FILE",
            defaultValue = "",
            description = "A video whose frames are used; default: the sample camera's clip.")
    private String source;

    @Option(
            names = "--latency-frames",
            paramLabel = "N",
            defaultValue = "200",
            description = "Single frames whose latency is measured; default: ${DEFAULT-VALUE}.")
    private int latencyFrames;

    @Option(
            names = "--report",
            paramLabel = "OUT.json",
            defaultValue = "",
            description = "Writes the figures to this file.")
    private String report;

    @Override
    public Integer call() throws Exception {
        try (ScratchFolder scratch = ScratchFolder.make()) {
            return new Service(EnumSet.allOf(Role.class))
                    .runEmbedded(
                            new EmbeddedHome(scratch.path().resolve("home")),
                            "bench",
                            PipelineBench.class,
                            source,
                            Integer.toString(latencyFrames),
                            report);
        }
    }
}
