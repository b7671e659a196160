package io.facestream.cli.models;

import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "retire",
        description = {
            "Retires a candidate or standby version.",
            "Photos are no longer embedded under it, and it cannot be promoted again. A version that was never active",
            "is deleted at once, any other when a version is retired a day later."
        },
        mixinStandardHelpOptions = true)
final class ModelsRetireCommand implements Callable<Integer> {
    @Parameters(paramLabel = "VERSION", description = "One that `models list` shows.")
    private String version;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws SQLException {
        RegistryChange.make(true, (releases, progress) -> {
            releases.retire(version);
            return null;
        });
        spec.commandLine().getOut().println(version + " is retired.");
        return 0;
    }
}
