package io.facestream.cli.gallery;

import io.facestream.cli.terminal.Listing;
import io.facestream.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "strangers",
        description = "Lists passers-by who are kept, the latest first.",
        mixinStandardHelpOptions = true)
final class GalleryStrangersCommand implements Callable<Integer> {
    @Option(names = "--camera", paramLabel = "CAMERA", description = "Only those who were seen there last.")
    private String camera;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "The most strangers to list, 1 to 100,000; default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--json", description = "Prints one line of JSON per stranger.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /** A stranger as one line of JSON. */
    record Listed(
            UUID id,
            long visits,
            Instant lastSeen,
            String camera,
            long chips,
            Instant keptAt,
            Instant expiresAt,
            boolean ignored) {
        static Listed of(ResultSet row) throws SQLException {
            return new Listed(
                    row.getObject("id", UUID.class),
                    row.getLong("visits"),
                    Sql.instant(row, "last_seen"),
                    row.getString("camera"),
                    row.getLong("chips"),
                    Sql.instant(row, "kept_at"),
                    Sql.instant(row, "expires_at"),
                    row.getBoolean("ignored"));
        }

        String line() {
            return String.format(
                            Locale.ROOT,
                            "%s  %4d  %-20s  %-16s until %s%s",
                            id,
                            visits,
                            lastSeen == null ? "" : lastSeen.toString().substring(0, 19) + "Z",
                            camera == null ? "" : camera,
                            expiresAt.toString().substring(0, 10),
                            ignored ? "  (ignored)" : "")
                    .stripTrailing();
        }
    }

    @Override
    public Integer call() throws SQLException {
        return new Listing(spec, "strangers", limit)
                .only("camera = ?", camera)
                .print("last_seen desc nulls last, kept_at desc, id", Listed::of, "strangers", json, Listed::line);
    }
}
