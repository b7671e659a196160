package io.facestream.models;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
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
        List<String> removed = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            if (!text(
                            statement,
                            "select pg_has_role(relowner, 'usage') from pg_class"
                                    + " where oid = 'facestream.template'::regclass")
                    .equals("t")) {
                return removed;
            }
            if (!text(statement, "select pg_try_advisory_lock(" + REMOVAL_LOCK + ")")
                    .equals("t")) {
                return removed;
            }
            try {
                statement.execute("set lock_timeout = '1s'");
                for (String version : past(connection)) {
                    try {
                        remove(statement, version);
                        removed.add(version);
                    } catch (SQLException e) {
                        LOG.warnf(
                                "retired version %s is still there, and its removal is tried again: %s",
                                version, e.getMessage());
                    }
                }
            } finally {
                statement.execute("reset lock_timeout");
                statement.execute("select pg_advisory_unlock(" + REMOVAL_LOCK + ")");
            }
        }
        return removed;
    }

    private static List<String> past(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                        "select version from facestream.model_version where status = 'retired'"
                                + " and removed_at is null and (activated_at is null or retired_at < now() - " + PAST
                                + ") order by version");
                ResultSet rows = select.executeQuery()) {
            List<String> versions = new ArrayList<>();
            while (rows.next()) {
                versions.add(rows.getString(1));
            }
            return versions;
        }
    }

    /** Each statement commits by itself, as a concurrent detachment has to, and can be repeated. */
    private static void remove(Statement statement, String version) throws SQLException {
        for (String parent : List.of("template", "face_embedding")) {
            String partition = text(statement, "select facestream.partition_name('" + parent + "', '" + version + "')");
            // Null where it is detached; t where a detachment was broken off.
            String pending = text(
                    statement,
                    "select inhdetachpending from pg_inherits where inhrelid = to_regclass('facestream." + partition
                            + "')");
            if (pending != null) {
                statement.execute("alter table facestream." + parent + " detach partition facestream." + partition
                        + (pending.equals("t") ? " finalize" : " concurrently"));
            }
            statement.execute("drop table if exists facestream." + partition);
        }
        statement.execute("delete from facestream.model_weights where version = '" + version + "'");
        statement.execute("delete from facestream.gallery_measure where model_version = '" + version + "'");
        statement.execute("update facestream.model_version set removed_at = now() where version = '" + version + "'");
    }

    /** The first row's only column; null if there is none. */
    private static String text(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : null;
        }
    }
}
