package io.facestream.web.news;

import io.facestream.database.Sql;
import io.facestream.sightings.message.Sighting;
import io.facestream.web.users.WebSession;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import javax.sql.DataSource;

/** Asks the database whether it has what the topic told of, and whose sessions are over. */
@ApplicationScoped
class StoredVisits {
    private final Instance<DataSource> database;

    /** @param database present if the role is switched on */
    StoredVisits(Instance<DataSource> database) {
        this.database = database;
    }

    /** Whether all of them are stored, as they are told here or later. */
    boolean includes(Collection<Sighting> visits) throws SQLException {
        return Sql.on(
                        database.get(),
                        sql -> sql.first(
                                "select not exists (select from unnest(?, ?, ?::int[]) a (source, id, sequence)"
                                        + " where not exists (select from facestream.visit v where v.source = a.source"
                                        + " and v.sighting_id = a.id and v.sequence >= a.sequence))",
                                row -> row.getBoolean(1),
                                Sql.array(
                                        "text",
                                        visits.stream().map(Sighting::source).toArray()),
                                Sql.array(
                                        "text",
                                        visits.stream()
                                                .map(Sighting::sightingId)
                                                .toArray()),
                                Sql.array(
                                        "int4",
                                        visits.stream().map(Sighting::sequence).toArray(Integer[]::new))))
                .orElse(false);
    }

    /** The SHA-256 of the tokens of those sessions that are over. */
    List<byte[]> ended(List<WebSession> sessions) throws SQLException {
        return Sql.on(
                database.get(),
                sql -> sql.query(
                        "select distinct t.token from unnest(?) t (token)"
                                + " where not exists (select from facestream.use_session(t.token))",
                        row -> row.getBytes(1),
                        Sql.array(
                                "bytea",
                                sessions.stream().map(WebSession::tokenSha256).toArray(byte[][]::new))));
    }
}
