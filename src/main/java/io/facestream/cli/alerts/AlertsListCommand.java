package io.facestream.cli.alerts;

import io.facestream.cli.terminal.Listing;
import io.facestream.cli.terminal.TimeOrDay;
import io.facestream.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
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
        description = "Lists alerts, the latest first, with the names that people have today.",
        mixinStandardHelpOptions = true)
final class AlertsListCommand implements Callable<Integer> {
    private static final List<String> STATES =
            List.of("waiting", "sent", "failed", "expired", "cancelled", "cooled-down", "dropped");

    @Option(
            names = "--state",
            paramLabel = "STATE",
            description = "Only alerts in this state: waiting, sent, failed, expired, cancelled, cooled-down, dropped.")
    private String state;

    @Option(names = "--rule", paramLabel = "NAME", description = "Only alerts of this rule.")
    private String rule;

    @Option(names = "--target", paramLabel = "NAME", description = "Only alerts to this target.")
    private String target;

    @Option(names = "--person", paramLabel = "PERSON", description = "Only alerts about this person: an id, or a name.")
    private String person;

    @Option(names = "--camera", paramLabel = "NAME", description = "Only alerts about visits to this camera.")
    private String camera;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = TimeOrDay.class,
            description =
                    "Only alerts that were stored at this time or later, such as 2026-05-04T09:30:00Z, or 2026-05-04"
                            + " for the beginning of that day (UTC).")
    private Instant from;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            converter = TimeOrDay.class,
            description = "Only alerts that were stored before this time.")
    private Instant to;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "The most alerts to list, 1 to 100,000; default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--json", description = "Prints one line of JSON per alert.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /** An alert as one line of JSON. */
    record Listed(
            UUID alertId,
            Instant storedAt,
            String rule,
            String target,
            String state,
            String camera,
            String kind,
            UUID identityId,
            String name,
            String source,
            String sightingId,
            Instant lastSeen,
            int attempts,
            String failure,
            Instant doneAt) {
        static Listed of(ResultSet row) throws SQLException {
            return new Listed(
                    row.getObject("id", UUID.class),
                    Sql.instant(row, "stored_at"),
                    row.getString("rule"),
                    row.getString("target"),
                    row.getString("state"),
                    row.getString("camera"),
                    row.getString("kind"),
                    row.getObject("identity_id", UUID.class),
                    row.getString("name"),
                    row.getString("source"),
                    row.getString("sighting_id"),
                    Sql.instant(row, "last_seen"),
                    row.getInt("attempts"),
                    row.getString("failure"),
                    Sql.instant(row, "done_at"));
        }

        String line() {
            return String.format(
                    Locale.ROOT,
                    "%s  %-11s %-12s %-12s %-16s %s%s",
                    storedAt.toString().substring(0, 19) + "Z",
                    state,
                    rule,
                    target,
                    camera,
                    name != null ? name : kind,
                    failure == null ? "" : "  (" + failure + ")");
        }
    }

    @Override
    public Integer call() throws SQLException {
        Listing listing = new Listing(spec, "alert_log", limit);
        if (state != null && !STATES.contains(state)) {
            throw new ParameterException(
                    spec.commandLine(), "--state is one of " + String.join(", ", STATES) + ", not '" + state + "'");
        }
        return listing.only("state = ?", state)
                .only("rule = ?", rule)
                .only("target = ?", target)
                .onlyOf("identity_id = ?", person)
                .only("camera = ?", camera)
                .only("stored_at >= ?", from)
                .only("stored_at < ?", to)
                .print("stored_at desc, id", Listed::of, "alerts", json, Listed::line);
    }
}
