package io.facestream.alerts.outbox;

import io.facestream.database.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import javax.sql.DataSource;

/**
 * What commands may know of the settings: the names of targets, and those of the rules that no command changes. Tables
 * have them, no addresses and no secrets. All replicas have the same settings; the one that started last counts.
 */
public final class PublishedSettings {
    private static final String REMOVE = "delete from facestream.%s where name <> all (?)";

    private final DataSource database;

    public PublishedSettings(DataSource database) {
        this.database = database;
    }

    /** @param keep how long alerts are remembered */
    public void publish(Collection<String> rules, Collection<String> targets, Duration keep) throws SQLException {
        Object ruleNames = Sql.array("text", rules.toArray());
        Object targetNames = Sql.array("text", targets.toArray());
        Sql.inTransaction(database, sql -> {
            sql.execute(REMOVE.formatted("alert_settings_rule"), ruleNames);
            sql.execute(
                    "insert into facestream.alert_settings_rule (name) select unnest(?) on conflict do nothing",
                    ruleNames);
            sql.execute(REMOVE.formatted("alert_target"), targetNames);
            sql.execute(
                    "insert into facestream.alert_target (name, keep) select unnest(?), make_interval(secs => ?)"
                            + " on conflict (name) do update set keep = excluded.keep",
                    targetNames,
                    keep.toMillis() / 1e3);
            return null;
        });
    }
}
