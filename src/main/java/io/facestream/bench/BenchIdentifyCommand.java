package io.facestream.bench;

import io.facestream.cli.service.Service;
import io.facestream.configuration.Role;
import io.facestream.embedded.EmbeddedHome;
import io.facestream.embedded.ScratchFolder;
import java.util.EnumSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "identify",
        description = {
            "Asks the REST API of this process who is in a picture of 640x480 with one face.",
            "Measures its time and requests per second, and, in the same run, those of the bare networks in a loop. Asks"
                    + " for a minute before, until Java has compiled what runs often."
        },
        mixinStandardHelpOptions = true)
final class BenchIdentifyCommand implements Callable<Integer> {
    private static final int MOST = 100_000;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--requests",
            paramLabel = "N",
            defaultValue = "300",
            description = "Requests of each measurement, 10 to 100,000; default: ${DEFAULT-VALUE}.")
    private int requests;

    @Option(
            names = "--report",
            paramLabel = "OUT.json",
            defaultValue = "",
            description = "Writes the figures to this file.")
    private String report;

    @Override
    public Integer call() throws Exception {
        if (requests < 10 || requests > MOST) {
            throw new ParameterException(spec.commandLine(), "--requests is 10 to " + MOST + ", not " + requests);
        }
        try (ScratchFolder scratch = ScratchFolder.make()) {
            return new Service(EnumSet.of(Role.ENROLMENT, Role.WEB))
                    .runEmbedded(
                            new EmbeddedHome(scratch.path().resolve("home")),
                            "bench",
                            IdentifyBench.class,
                            Integer.toString(requests),
                            report);
        }
    }
}
