package io.facestream.cli.sightings;

import io.facestream.cli.terminal.Listing;
import io.facestream.cli.terminal.TimeOrDay;
import io.facestream.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "list",
        description = "Lists visits, the latest first, with the names that people have today.",
        mixinStandardHelpOptions = true)
final class SightingsListCommand implements Callable<Integer> {
    @Option(names = "--person", paramLabel = "PERSON", description = "Only visits of this person: an id, or a name.")
    private String person;

    @Option(names = "--camera", paramLabel = "NAME", description = "Only visits to this camera.")
    private String camera;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = TimeOrDay.class,
            description =
                    "Only visits that ended at this time or later, such as 2026-05-04T09:30:00Z, or 2026-05-04 for"
                            + " the beginning of that day (UTC).")
    private Instant from;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            converter = TimeOrDay.class,
            description = "Only visits that began before this time.")
    private Instant to;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "The most visits to list, 1 to 100,000; default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--json", description = "Prints one line of JSON per visit.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /** A visit as one line of JSON. */
    record Listed(
            String source,
            String sightingId,
            String camera,
            String kind,
            UUID identityId,
            String name,
            Double probability,
            String reason,
            Instant firstSeen,
            Instant lastSeen,
            long frames,
            boolean present) {
        static Listed of(ResultSet row) throws SQLException {
            return new Listed(
                    row.getString("source"),
                    row.getString("sighting_id"),
                    row.getString("camera"),
                    row.getString("kind"),
                    row.getObject("identity_id", UUID.class),
                    row.getString("name"),
                    Sql.decimal(row, "probability"),
                    row.getString("reason"),
                    Sql.instant(row, "first_seen"),
                    Sql.instant(row, "last_seen"),
                    row.getLong("frames"),
                    row.getBoolean("present"));
        }

        String line() {
            return String.format(
                            Locale.ROOT,
                            "%s  %8s  %-16s %s%s",
                            firstSeen.toString().substring(0, 19) + "Z",
                            stayed(Duration.between(firstSeen, lastSeen)),
                            camera,
                            name != null ? name : kind + (reason == null ? "" : " (" + reason + ")"),
                            present ? "  (there)" : "")
                    .stripTrailing();
        }

        private static String stayed(Duration stayed) {
            return String.format(
                    Locale.ROOT, "%d:%02d:%02d", stayed.toHours(), stayed.toMinutesPart(), stayed.toSecondsPart());
        }
    }

    @Override
    public Integer call() throws SQLException {
        return new Listing(spec, "sighting_log", limit)
                .onlyOf("identity_id = ?", person)
                .only("camera = ?", camera)
                .only("last_seen >= ?", from)
                .only("first_seen < ?", to)
                .print("first_seen desc, source, sighting_id", Listed::of, "visits", json, Listed::line);
    }
}
