package io.facestream.cli.models;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.messaging.Json;
import io.facestream.models.ModelCandidate;
import io.facestream.models.ModelPackage;
import io.facestream.models.ModelVersion;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "import",
        description = {
            "Makes a SavedModel a candidate, and embeds the gallery under it.",
            "It takes uint8 [n, side, side, 3], RGB, at most 160 wide and high, and yields embedding: float",
            "[n, dimensions]; facestream.json says the rest, as written by `models export`. The network is tried",
            "before anything changes.",
            "A SavedModel is a program: import only from makers whom you trust."
        },
        mixinStandardHelpOptions = true)
final class ModelsImportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "A zip or a folder.")
    private Path file;

    @Option(names = "--json", description = "Prints the version as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws SQLException, IOException {
        ModelCandidate candidate = ModelPackage.read(file);
        ModelVersion version = RegistryChange.make(json, (releases, progress) -> releases.publish(candidate, progress));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(new String(Json.write(version), UTF_8));
            return 0;
        }
        out.println(version.version() + " is a candidate: `models promote " + version.version() + "` makes it active.");
        if (version.calibration().falseMatchRates().isEmpty()) {
            out.println("It has no calibration: for every size of the gallery it matches within " + version.threshold()
                    + ", and events have no probability.");
        }
        return 0;
    }
}
