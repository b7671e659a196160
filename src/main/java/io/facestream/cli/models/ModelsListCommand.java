package io.facestream.cli.models;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.configuration.Settings;
import io.facestream.messaging.Json;
import io.facestream.models.ModelDetails;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion.Status;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "list",
        description = {
            "Lists all model versions, oldest first.",
            "One is active: it embeds what the cameras see. The gallery is kept complete under candidate and standby",
            "versions, so that they can be promoted, but not under retired ones."
        },
        mixinStandardHelpOptions = true)
final class ModelsListCommand implements Callable<Integer> {
    @Option(names = "--json", description = "Prints one line of JSON per version.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /** A version as one line of JSON. */
    record Listed(
            String version,
            Status status,
            String architecture,
            int dimensions,
            boolean calibrated,
            String parent,
            String predecessor,
            UUID trainingCommand,
            Instant createdAt,
            Instant activatedAt,
            Instant retiredAt,
            String sha256,
            long bytes,
            long missingSamples,
            long missingTemplates) {
        static Listed of(ModelDetails details) {
            return new Listed(
                    details.version().version(),
                    details.version().status(),
                    details.version().architecture(),
                    details.version().dimensions(),
                    !details.version().calibration().falseMatchRates().isEmpty(),
                    details.parent(),
                    details.predecessor(),
                    details.trainingCommand(),
                    details.createdAt(),
                    details.activatedAt(),
                    details.retiredAt(),
                    details.version().sha256(),
                    details.bytes(),
                    details.missingSamples(),
                    details.missingTemplates());
        }
    }

    @Override
    public Integer call() throws SQLException {
        PrintWriter out = spec.commandLine().getOut();
        List<ModelDetails> all = new ModelRegistry(Settings.load().database()).details();
        if (json) {
            all.forEach(details -> out.println(new String(Json.write(Listed.of(details)), UTF_8)));
            return 0;
        }
        all.forEach(details -> out.println(line(details)));
        if (all.isEmpty()) {
            out.println("No model version: run `facestream migrate`.");
        }
        return 0;
    }

    private static String line(ModelDetails details) {
        return String.format(
                        Locale.ROOT,
                        "%-9s %-24s %4d dimensions  %5.1f MiB  since %s%s%s",
                        details.version().status().name().toLowerCase(Locale.ROOT),
                        details.version().version(),
                        details.version().dimensions(),
                        details.bytes() / (double) (1 << 20),
                        details.createdAt().toString().substring(0, 10),
                        details.parent() == null ? "" : "  from " + details.parent(),
                        details.missingSamples() + details.missingTemplates() == 0
                                ? ""
                                : "  lacks " + details.missingSamples() + " samples, " + details.missingTemplates()
                                        + " templates")
                .stripTrailing();
    }
}
