package io.facestream.cli.models;

import io.facestream.models.ModelVersion;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "rollback",
        description = {
            "Makes the version active again that was, when the active one was promoted.",
            "To any other standby version: `models promote`."
        },
        mixinStandardHelpOptions = true)
final class ModelsRollbackCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws SQLException {
        ModelVersion active = RegistryChange.make(false, (releases, progress) -> releases.rollBack(progress));
        spec.commandLine().getOut().println(active.version() + " is active.");
        return 0;
    }
}
