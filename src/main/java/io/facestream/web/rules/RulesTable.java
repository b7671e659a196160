package io.facestream.web.rules;

import io.facestream.database.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** Reads rules and targets from the database. */
@ApplicationScoped
class RulesTable {
    /** Whoever has no name, or one that means something else in a rule, is told by id. */
    private static final String RULES =
            """
            select r.*, extract(epoch from r.cool_down)::float8 as seconds,
                   r.who || array(
                       select case when p.name is null or p.name like 'tag:%%'
                                       or lower(p.name) in ('anybody', 'known', 'strangers', 'unknown')
                                   then n.identity_id::text else p.name end
                       from facestream.alert_rule_people n left join facestream.person p on p.id = n.identity_id
                       where n.rule = r.name order by 1) as whom
            from facestream.alert_rules r %s order by r.name""";

    private static final List<String> EVERYWHERE = List.of("*");

    private final Instance<DataSource> database;

    /** @param database present if the role is switched on */
    RulesTable(Instance<DataSource> database) {
        this.database = database;
    }

    Rules read() throws SQLException {
        return Sql.on(
                database.get(),
                sql -> new Rules(
                        sql.query(RULES.formatted(""), RulesTable::rule),
                        sql.query(
                                "select * from facestream.target_states() order by target",
                                row -> new TargetState(
                                        row.getString("target"),
                                        row.getLong("waiting"),
                                        Sql.instant(row, "sent_at"),
                                        Sql.instant(row, "failed_at"),
                                        row.getString("failure")))));
    }

    Optional<ShownRule> find(String rule) throws SQLException {
        return Sql.on(database.get(), sql -> sql.first(RULES.formatted("where r.name = ?"), RulesTable::rule, rule));
    }

    private static ShownRule rule(ResultSet row) throws SQLException {
        List<String> cameras = texts(row, "cameras");
        boolean isOfSettings = "settings".equals(row.getString("origin"));
        return new ShownRule(
                row.getString("name"),
                isOfSettings,
                texts(row, "whom"),
                cameras.equals(EVERYWHERE) ? List.of() : cameras,
                texts(row, "spans"),
                row.getString("zone"),
                isOfSettings ? null : Duration.ofMillis(Math.round(1e3 * row.getDouble("seconds"))),
                texts(row, "targets"),
                texts(row, "missing_targets"));
    }

    private static List<String> texts(ResultSet row, String column) throws SQLException {
        List<String> texts = Sql.strings(row, column);
        return texts == null ? List.of() : texts;
    }
}
