package io.facestream.web.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.messaging.Sha256;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.UUID;

/**
 * A visit, as the page shows it.
 *
 * @param person whom it is of; null for somebody unknown
 * @param name of that person; null for somebody unknown
 * @param probability that it is this person, 0 to 1; null for somebody unknown
 * @param reason why nobody is named, as sightings have it; null for a person
 * @param present whether they are still there
 * @param shot the event of the face that the best shot shows; null if there is no shot
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
        String shot) {
    static final String COLUMNS = "source, sighting_id, camera, person_id, name, probability, reason, first_seen,"
            + " last_seen, present, shot";

    private static final double PERCENT = 100;

    static Visit of(ResultSet row) throws SQLException {
        double probability = row.getDouble("probability");
        boolean isNobody = row.wasNull();
        return new Visit(
                row.getString("source"),
                row.getString("sighting_id"),
                row.getString("camera"),
                row.getObject("person_id", UUID.class),
                row.getString("name"),
                isNobody ? null : probability,
                row.getString("reason"),
                row.getObject("first_seen", OffsetDateTime.class).toInstant(),
                row.getObject("last_seen", OffsetDateTime.class).toInstant(),
                row.getBoolean("present"),
                row.getString("shot"));
    }

    /** Its beginning, as HTML may have it. */
    public Instant since() {
        return firstSeen.truncatedTo(ChronoUnit.MILLIS);
    }

    /** A name for its element. */
    public String key() {
        byte[] hash = Sha256.of((source + "\n" + id).getBytes(UTF_8));
        return "visit-" + HexFormat.of().formatHex(hash, 0, 8);
    }

    /** Where its picture is. Another shot has another URL, so that browsers may keep each. */
    public String shotUrl() {
        return "/shots?source=" + Texts.encoded(source) + "&visit=" + Texts.encoded(id) + "&face="
                + Texts.encoded(shot);
    }

    /** Where it is said whose it is. */
    public String url() {
        return url(source, id);
    }

    static String url(String source, String id) {
        return "/visit?source=" + Texts.encoded(source) + "&visit=" + Texts.encoded(id);
    }

    /** How sure the name is, rounded down; null for somebody unknown. */
    public Integer percent() {
        return probability == null ? null : (int) Math.floor(probability * PERCENT);
    }

    /** Whole minutes from the first to the last moment. */
    public long minutes() {
        return Duration.between(firstSeen, lastSeen).toMinutes();
    }

    public long seconds() {
        return Math.max(1, Duration.between(firstSeen, lastSeen).toSeconds());
    }

    Cursor cursor() {
        return new Cursor(firstSeen, source, id);
    }
}
