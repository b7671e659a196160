package io.facestream.cli.models;

import io.facestream.models.ModelVersion;
import io.facestream.models.ShippedModel;
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
            "Running services switch to it within seconds and lose nothing.",
            "The version `mobilefacenet-pair` is the shipped network and a second one of undocumented origin, which",
            "together tell people apart better, for about twice the time a face. It is in the build, and is added if",
            "need be."
        },
        mixinStandardHelpOptions = true)
final class ModelsPromoteCommand implements Callable<Integer> {
    @Parameters(paramLabel = "VERSION", description = "One that `models list` shows, or mobilefacenet-pair.")
    private String version;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws SQLException {
        ModelVersion active = RegistryChange.make(false, (releases, progress) -> {
            String name = version.equals(ShippedModel.PAIR)
                    ? releases.publishOnce(ShippedModel.pair(), progress).version()
                    : version;
            return releases.promote(name, progress);
        });
        spec.commandLine().getOut().println(active.version() + " is active.");
        return 0;
    }
}
