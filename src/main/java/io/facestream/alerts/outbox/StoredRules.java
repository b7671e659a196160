package io.facestream.alerts.outbox;

import io.facestream.alerts.rules.Rule;
import io.facestream.curation.rules.Whom;
import io.facestream.database.Sql;
import io.facestream.messaging.RateLimit;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** The rules that commands made, as they are at the moment. */
final class StoredRules {
    private static final Logger LOG = Logger.getLogger(StoredRules.class);

    private static final String ALL =
            """
            select name, known, strangers, unknown, tags, cameras, spans, zone,
                extract(epoch from cool_down)::float8 as cool_down, targets
            from facestream.alert_rule order by name""";

    private final RateLimit complaints = new RateLimit(Duration.ofMinutes(1));

    /**
     * The rules of the settings, and those of commands beside them. One that has the name of one of the settings does
     * not apply, and of the targets only those that the settings have.
     */
    List<Rule> with(Sql sql, AlertRules settings) throws SQLException {
        Set<String> taken = settings.rules().stream().map(Rule::name).collect(Collectors.toSet());
        List<Rule> all = new ArrayList<>(settings.rules());
        sql.each(0, ALL, row -> rule(row, settings.maxAge().keySet())
                .filter(rule -> !taken.contains(rule.name()))
                .ifPresent(all::add));
        return all;
    }

    /** Empty if it has no target, or this build cannot read it. */
    private Optional<Rule> rule(ResultSet row, Set<String> known) throws SQLException {
        String name = row.getString("name");
        List<String> targets = Sql.strings(row, "targets");
        List<String> there = targets.stream().filter(known::contains).toList();
        if (there.size() < targets.size() && complaints.permits()) {
            LOG.warnf("rule %s names targets that the settings do not have: they are left out", name);
        }
        if (there.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Rule.stored(
                    name,
                    new Whom(
                            row.getBoolean("known"),
                            row.getBoolean("strangers"),
                            row.getBoolean("unknown"),
                            List.of(),
                            Sql.strings(row, "tags")),
                    Sql.strings(row, "cameras"),
                    Sql.strings(row, "spans"),
                    row.getString("zone"),
                    Duration.ofMillis(Math.round(1e3 * row.getDouble("cool_down"))),
                    there));
        } catch (IllegalArgumentException e) {
            if (complaints.permits()) {
                LOG.warnf("rule %s does not apply: %s", name, e.getMessage());
            }
            return Optional.empty();
        }
    }
}
