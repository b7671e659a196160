package io.facestream.web.live;

import io.facestream.database.Sql;
import io.facestream.web.users.WebSession;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;

/** Asks the database who may look, and records that they do. */
@ApplicationScoped
class LiveLooks {
    private final Instance<DataSource> database;

    /** @param database present if the role is switched on */
    LiveLooks(Instance<DataSource> database) {
        this.database = database;
    }

    /**
     * Records a look at each of those cameras, once a minute in the whole session.
     *
     * @return whether the session lasts; else nothing may be shown
     */
    boolean record(WebSession session, Collection<String> cameras) throws SQLException {
        return Sql.on(
                        database.get(),
                        sql -> sql.first(
                                "select facestream.watch_live(?, ?)",
                                row -> row.getBoolean(1),
                                session.tokenSha256(),
                                Sql.array("text", cameras.toArray())))
                .orElse(false);
    }

    /** Those that somebody was seen by within a day. */
    List<String> cameras() throws SQLException {
        return Sql.on(
                database.get(),
                sql -> sql.query(
                        "select camera from facestream.visited_cameras() where last_seen > now() - interval '1 day'",
                        row -> row.getString(1)));
    }
}
