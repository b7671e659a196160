package io.facestream.web.visits;

import io.facestream.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;

/**
 * A visit.
 *
 * @param person whom it is of; null for somebody unknown
 * @param name of that person; null for somebody unknown
 * @param probability that it is this person, 0 to 1; null for somebody unknown
 * @param reason why nobody is named, as sightings have it; null for a person
 * @param present whether they are still there
 * @param shot the event of the face that shows it best; null if there is no picture of it, in the database or on its
 *     topic
 * @param stranger whom it is of, if that is somebody who is kept though nobody knows them; else null
 */
public record Visit(
        String source,
        String id,
        String camera,
        UUID person,
        String name,
        Double probability,
        String reason,
        Instant firstSeen,
        Instant lastSeen,
        boolean present,
        String shot,
        UUID stranger) {
    /** Of a visit whose face its topic may hold. */
    static final String IS_RECENT = "last_appended_at > now() - interval '" + FacesTopic.KEPT.toSeconds() + " s'";

    static final String COLUMNS = "source, sighting_id, camera, person_id, name, probability, reason, first_seen,"
            + " last_seen, present, coalesce(shot, case when " + IS_RECENT + " then face end) as shot, stranger_id";

    static Visit of(ResultSet row) throws SQLException {
        return new Visit(
                row.getString("source"),
                row.getString("sighting_id"),
                row.getString("camera"),
                row.getObject("person_id", UUID.class),
                row.getString("name"),
                Sql.decimal(row, "probability"),
                row.getString("reason"),
                Sql.instant(row, "first_seen"),
                Sql.instant(row, "last_seen"),
                row.getBoolean("present"),
                row.getString("shot"),
                row.getObject("stranger_id", UUID.class));
    }

    /** Its place in the list. */
    public Cursor cursor() {
        return new Cursor(firstSeen, source, id);
    }
}
