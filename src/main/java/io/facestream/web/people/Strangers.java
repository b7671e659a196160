package io.facestream.web.people;

import io.facestream.database.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** Reads strangers who are kept from the database. */
@ApplicationScoped
public class Strangers {
    private final Instance<DataSource> database;

    /** @param database present if the role is switched on */
    Strangers(Instance<DataSource> database) {
        this.database = database;
    }

    /**
     * Somebody who matched nobody and is kept for a while.
     *
     * @param ignored whether nobody is alerted
     * @param faces that are kept, at least 1
     * @param camera of the latest visit; null if none is kept, as is {@code lastSeen}
     */
    public record Stranger(
            UUID id,
            Instant keptAt,
            Instant expiresAt,
            boolean ignored,
            long faces,
            long visits,
            Instant lastSeen,
            String camera) {}

    /** Those who were there last. */
    public List<Stranger> latest(int most) throws SQLException {
        return Sql.on(
                database.get(),
                sql -> sql.query(
                        "select id, kept_at, expires_at, ignored, chips, visits, last_seen, camera"
                                + " from facestream.strangers"
                                + " order by coalesce(last_seen, kept_at) desc, id limit ?",
                        row -> new Stranger(
                                row.getObject("id", UUID.class),
                                Sql.instant(row, "kept_at"),
                                Sql.instant(row, "expires_at"),
                                row.getBoolean("ignored"),
                                row.getLong("chips"),
                                row.getLong("visits"),
                                Sql.instant(row, "last_seen"),
                                row.getString("camera")),
                        most));
    }
}
