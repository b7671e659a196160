package io.facestream.cli.sightings;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.cli.terminal.TimeOrDay;
import io.facestream.configuration.Settings;
import io.facestream.database.Sql;
import io.facestream.messaging.Json;
import java.io.PrintWriter;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "list",
        description = "Lists visits, the latest first, with the names that people have today.",
        mixinStandardHelpOptions = true)
final class SightingsListCommand implements Callable<Integer> {
    private static final int MOST_LISTED = 100_000;

    @Option(names = "--person", paramLabel = "NAME", description = "Only visits of this person, by the exact name.")
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
            double probability = row.getDouble("probability");
            boolean isNamed = !row.wasNull();
            return new Listed(
                    row.getString("source"),
                    row.getString("sighting_id"),
                    row.getString("camera"),
                    row.getString("kind"),
                    row.getObject("identity_id", UUID.class),
                    row.getString("name"),
                    isNamed ? probability : null,
                    row.getString("reason"),
                    row.getObject("first_seen", OffsetDateTime.class).toInstant(),
                    row.getObject("last_seen", OffsetDateTime.class).toInstant(),
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
        if (limit < 1 || limit > MOST_LISTED) {
            throw new ParameterException(spec.commandLine(), "--limit is 1 to " + MOST_LISTED + ", not " + limit);
        }
        PrintWriter out = spec.commandLine().getOut();
        List<Listed> visits = visits();
        if (json) {
            visits.forEach(visit -> out.println(new String(Json.write(visit), UTF_8)));
            return 0;
        }
        visits.forEach(visit -> out.println(visit.line()));
        if (visits.isEmpty()) {
            out.println("No visits.");
        } else if (visits.size() == limit) {
            out.println("There may be more: see --limit.");
        }
        return 0;
    }

    private List<Listed> visits() throws SQLException {
        StringBuilder query = new StringBuilder("select * from facestream.sighting_log where true");
        List<Object> parameters = new ArrayList<>();
        if (person != null) {
            query.append(" and name = normalize(?, nfc)");
            parameters.add(person);
        }
        if (camera != null) {
            query.append(" and camera = ?");
            parameters.add(camera);
        }
        if (from != null) {
            query.append(" and last_seen >= ?");
            parameters.add(from);
        }
        if (to != null) {
            query.append(" and first_seen < ?");
            parameters.add(to);
        }
        query.append(" order by first_seen desc, source, sighting_id limit ?");
        parameters.add(limit);
        return Sql.on(Settings.load().database(), sql -> sql.query(query.toString(), Listed::of, parameters.toArray()));
    }
}
