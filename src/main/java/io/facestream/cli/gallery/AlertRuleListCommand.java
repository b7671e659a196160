package io.facestream.cli.gallery;

import com.fasterxml.jackson.annotation.JsonFormat;
import io.facestream.cli.terminal.Listing;
import io.facestream.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.postgresql.util.PGInterval;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "list",
        description = "Lists rules by name. Of those of the settings only the name is known.",
        mixinStandardHelpOptions = true)
final class AlertRuleListCommand implements Callable<Integer> {
    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "1000",
            description = "The most rules to list, 1 to 100,000; default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--json", description = "Prints one line of JSON per rule.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    /**
     * A rule as one line of JSON. Of one of the settings only the name is there.
     *
     * @param who words and tags
     * @param people how many it names
     * @param somePeople up to ten of them, by name; strangers by id
     * @param missingTargets those that the settings do not have any more
     */
    record Listed(
            String rule,
            String origin,
            List<String> who,
            Long people,
            List<String> somePeople,
            List<String> where,
            List<String> when,
            String zone,
            @JsonFormat(shape = JsonFormat.Shape.STRING) Duration coolDown,
            List<String> targets,
            List<String> missingTargets,
            Instant updatedAt) {
        static Listed of(ResultSet row) throws SQLException {
            PGInterval coolDown = row.getObject("cool_down", PGInterval.class);
            return new Listed(
                    row.getString("name"),
                    row.getString("origin"),
                    Sql.strings(row, "who"),
                    row.getObject("people", Long.class),
                    Sql.strings(row, "some_people"),
                    Sql.strings(row, "cameras"),
                    Sql.strings(row, "spans"),
                    row.getString("zone"),
                    coolDown == null ? null : duration(coolDown),
                    Sql.strings(row, "targets"),
                    Sql.strings(row, "missing_targets"),
                    Sql.instant(row, "updated_at"));
        }

        private static Duration duration(PGInterval interval) {
            return Duration.ofDays(interval.getDays())
                    .plusHours(interval.getHours())
                    .plusMinutes(interval.getMinutes())
                    .plusMillis(Math.round(1e3 * interval.getSeconds()));
        }

        String line() {
            if (who == null) {
                return String.format(Locale.ROOT, "%-16s (of the settings)", rule);
            }
            List<String> whom = new ArrayList<>(who);
            whom.addAll(somePeople);
            if (people > somePeople.size()) {
                whom.add((people - somePeople.size()) + " more");
            }
            return String.format(
                    Locale.ROOT,
                    "%-16s %s at %s%s%s to %s%s",
                    rule,
                    String.join(", ", whom),
                    String.join(", ", where),
                    when.isEmpty() ? "" : ", " + String.join(", ", when) + " " + zone,
                    coolDown.isZero() ? "" : ", cool-down " + coolDown,
                    String.join(", ", targets),
                    missingTargets.isEmpty() ? "" : "  (no target: " + String.join(", ", missingTargets) + ")");
        }
    }

    @Override
    public Integer call() throws SQLException {
        return new Listing(spec, "alert_rules", limit).print("name", Listed::of, "rules", json, Listed::line);
    }
}
