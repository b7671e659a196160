package io.facestream.cli.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.configuration.Settings;
import io.facestream.messaging.Json;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "list",
        description = {"Lists all keys, oldest first.", "A key itself is shown nowhere: the database has its hash only."
        },
        mixinStandardHelpOptions = true)
final class KeysListCommand implements Callable<Integer> {
    @Option(names = "--json", description = "Prints one line of JSON per key.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws SQLException {
        PrintWriter out = spec.commandLine().getOut();
        List<KeyTable.Listed> all = new KeyTable(Settings.load().database()).all();
        all.forEach(key -> out.println(json ? new String(Json.write(key), UTF_8) : line(key)));
        if (all.isEmpty() && !json) {
            out.println("No key: make one with `facestream keys add NAME --role ROLE`.");
        }
        return 0;
    }

    private static String line(KeyTable.Listed key) {
        return String.format(
                Locale.ROOT,
                "%-30s %-9s made %s  %s%s",
                key.name(),
                key.role(),
                LocalDate.ofInstant(key.createdAt(), ZoneOffset.UTC),
                key.usedOn() == null ? "never used" : "used " + key.usedOn(),
                key.revokedAt() == null ? "" : "  revoked " + LocalDate.ofInstant(key.revokedAt(), ZoneOffset.UTC));
    }
}
