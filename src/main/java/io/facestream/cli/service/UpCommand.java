package io.facestream.cli.service;

import io.facestream.configuration.Role;
import io.facestream.embedded.EmbeddedHome;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "up", description = "Runs the service until it is asked to end.", mixinStandardHelpOptions = true)
public final class UpCommand implements Callable<Integer> {
    @Option(
            names = "--roles",
            split = ",",
            paramLabel = "ROLE",
            description = "Roles of this process: ${COMPLETION-CANDIDATES}; default: all of them.")
    private List<Role> roles = List.copyOf(EnumSet.allOf(Role.class));

    @Option(
            names = "--embedded",
            description = "Uses this clone's own broker, in this process, and its own database, on this machine.")
    private boolean embedded;

    @Override
    public Integer call() throws Exception {
        Service service = new Service(roles);
        return embedded
                ? service.runEmbedded(EmbeddedHome.locate(), "up", UpAndStay.class)
                : service.run(UpAndStay.class);
    }
}
