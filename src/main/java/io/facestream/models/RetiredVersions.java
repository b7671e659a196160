package io.facestream.models;

import io.facestream.database.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Frees what retired versions occupy, once no embedding by them can be on its way: at once for one that was never active, else
 * after {@code face-embeddings} has forgotten them. The row stays, for other versions refer to it.
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
     * Detaches and drops their partitions, and deletes their weights. Neither matching nor enrolment waits for it for longer than
     * a second: what cannot be locked by then is left for the next time. So is everything where the database's user does not own
     * the tables, as the roles of the service do not; `migrate` does it then.
     *
     * @return the versions that are gone
     */
    public List<String> purgeExpired() throws SQLException {
        return Sql.on(dataSource, RetiredVersions::removePast);
    }

    private static List<String> removePast(Sql sql) throws SQLException {
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
                    LOG.warnf(
                            "retired version %s is still there, and its removal is tried again: %s",
                            version, e.getMessage());
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

    /** Each statement commits by itself, as a concurrent detachment has to, and can be repeated. */
    private static void remove(Sql sql, String version) throws SQLException {
        for (String parent : List.of("template", "face_embedding")) {
            String partition = sql.first(
                            "select facestream.partition_name(?, ?)", row -> row.getString(1), parent, version)
                    .orElseThrow();
            // Empty where it is detached; true where a detachment was broken off.
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
