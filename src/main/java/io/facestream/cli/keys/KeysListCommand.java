package io.facestream.cli.keys;

import io.facestream.cli.terminal.Listing;
import io.facestream.configuration.Settings;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
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
        Listing.print(
                spec.commandLine().getOut(),
                new KeyTable(Settings.load().database()).all(),
                "No key: make one with `facestream keys add NAME --role ROLE`.",
                json,
                KeysListCommand::line);
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
