package io.facestream.cli.models;

import io.facestream.models.ModelVersion;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "promote",
        description = {
            "Makes a candidate or a standby version the active one, after embedding what the gallery lacks under it.",
            "Running services switch to it within seconds and lose nothing."
        },
        mixinStandardHelpOptions = true)
final class ModelsPromoteCommand implements Callable<Integer> {
    @Parameters(paramLabel = "VERSION", description = "One that `models list` shows.")
    private String version;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws SQLException {
        ModelVersion active = RegistryChange.make(false, (releases, progress) -> releases.promote(version, progress));
        spec.commandLine().getOut().println(active.version() + " is active.");
        return 0;
    }
}
