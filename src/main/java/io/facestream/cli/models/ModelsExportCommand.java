package io.facestream.cli.models;

import io.facestream.configuration.Settings;
import io.facestream.models.ModelPackage;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "export",
        description = {
            "Writes a model version as a TensorFlow SavedModel.",
            "Beside it, facestream.json has its input, dimensions, mirror averaging, threshold and calibration."
        },
        mixinStandardHelpOptions = true)
final class ModelsExportCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "VERSION", description = "One that `models list` shows.")
    private String version;

    @Parameters(index = "1", paramLabel = "FILE", description = "A zip if the name ends in .zip, else a folder.")
    private Path file;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws SQLException, IOException {
        ModelRegistry registry = new ModelRegistry(Settings.load().database());
        ModelVersion model = registry.require(version).version();
        ModelPackage.write(model, registry.export(model), file);
        spec.commandLine().getOut().println("Wrote " + file);
        return 0;
    }
}
