package io.facestream.models;

import io.facestream.database.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Frees the space of retired versions when none of their embeddings can be in transit any more: at once for a version
 * that was never active, otherwise after the retention of {@code face-embeddings}. The row stays, because other
 * versions refer to it.
 */
public final class RetiredVersions {
    private static final Logger LOG = Logger.getLogger(RetiredVersions.class);

    /** The topic's retention of 24 hours, the hour until a segment closes, and one for the broker to delete it. */
    private static final String PAST = "interval '26 hours'";

    private static final long REMOVAL_LOCK = 0x72656d6f76616cL;

    private final DataSource dataSource;

    public RetiredVersions(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Detaches and drops their partitions, and deletes their weights. Matching and enrolment wait for it at most a
     * second; tables that cannot be locked by then are left for the next run. Does nothing if the database's user does
     * not own the tables, as is the case for the service's roles; then `migrate` does the work.
     *
     * @return the removed versions
     */
    public List<String> purgeExpired() throws SQLException {
        return Sql.on(dataSource, RetiredVersions::removeExpired);
    }

    private static List<String> removeExpired(Sql sql) throws SQLException {
        List<String> removed = new ArrayList<>();
        if (!says(
                sql,
                "select pg_has_role(relowner, 'usage') from pg_class"
                        + " where oid = 'facestream.template'::regclass")) {
            return removed;
        }
        if (!says(sql, "select pg_try_advisory_lock(" + REMOVAL_LOCK + ")")) {
            return removed;
        }
        try {
            sql.execute("set lock_timeout = '1s'");
            for (String version : past(sql)) {
                try {
                    remove(sql, version);
                    removed.add(version);
                } catch (SQLException e) {
                    LOG.warnf("cannot remove retired version %s yet, will retry: %s", version, e.getMessage());
                }
            }
        } finally {
            sql.execute("reset lock_timeout");
            sql.execute("select pg_advisory_unlock(" + REMOVAL_LOCK + ")");
        }
        return removed;
    }

    private static boolean says(Sql sql, String question) throws SQLException {
        return sql.first(question, row -> row.getBoolean(1)).orElseThrow();
    }

    private static List<String> past(Sql sql) throws SQLException {
        return sql.query(
                "select version from facestream.model_version where status = 'retired'"
                        + " and removed_at is null and (activated_at is null or retired_at < now() - " + PAST
                        + ") order by version",
                row -> row.getString(1));
    }

    /** Each statement commits by itself, as a concurrent detach requires, and can be repeated. */
    private static void remove(Sql sql, String version) throws SQLException {
        for (String parent : sql.query("select unnest(facestream.model_tables())", row -> row.getString(1))) {
            String partition = sql.first(
                            "select facestream.partition_name(?, ?)", row -> row.getString(1), parent, version)
                    .orElseThrow();
            // Empty if detached; true if an earlier detach was interrupted.
            Optional<Boolean> pending = sql.first(
                    "select inhdetachpending from pg_inherits where inhrelid = to_regclass(?)",
                    row -> row.getBoolean(1),
                    "facestream." + partition);
            if (pending.isPresent()) {
                sql.execute("alter table facestream." + parent + " detach partition facestream." + partition
                        + (pending.get() ? " finalize" : " concurrently"));
            }
            sql.execute("drop table if exists facestream." + partition);
        }
        sql.execute("delete from facestream.model_weights where version = ?", version);
        sql.execute("delete from facestream.gallery_measure where model_version = ?", version);
        sql.execute("update facestream.model_version set removed_at = now() where version = ?", version);
    }
}
