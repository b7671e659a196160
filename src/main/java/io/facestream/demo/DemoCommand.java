package io.facestream.demo;

import io.facestream.cli.service.Service;
import io.facestream.configuration.Role;
import io.facestream.embedded.EmbeddedHome;
import java.util.EnumSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        description = {
            "Shows the whole path on this machine, with sample people and a sample camera.",
            "Installs what is missing, starts a broker, a database and every role, enrols the people, plays the camera",
            "and prints visits as they come: who is there, and for how long."
        },
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
    @Option(
            names = "--exit",
            description = "Ends with the clip; exits with 0 only if its people were recognised, its stranger was not,"
                    + " and nothing was lost.")
    private boolean exit;

    @Option(names = "--faces", description = "Prints a line for each face of each frame, too.")
    private boolean faces;

    @Override
    public Integer call() throws Exception {
        return new Service(EnumSet.allOf(Role.class))
                .runEmbedded(
                        EmbeddedHome.locate(),
                        "demo",
                        exit ? DemoToTheEnd.class : DemoAndStay.class,
                        Boolean.toString(faces));
    }
}
