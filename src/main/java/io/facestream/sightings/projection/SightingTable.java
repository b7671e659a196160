package io.facestream.sightings.projection;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.database.Sql;
import io.facestream.messaging.Json;
import io.facestream.sightings.message.Sighting;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;

/**
 * The table {@code facestream.sighting}. A message replaces its visit's row only if its sequence is greater, so any
 * range of the topic can be written again. Used by one thread at a time.
 */
final class SightingTable {
    /**
     * The identity is looked up in the same statement: a visit of somebody who is erased, or has not arrived in this
     * database, has none.
     */
    private static final String UPSERT =
            """
            insert into facestream.sighting as s (source, sighting_id, day, sequence, change, camera, kind,
                identity_id, probability, reason, first_seen, last_seen, first_appended_at, last_appended_at, frames,
                named_after_millis, best)
            values (?, ?, ?, ?, ?, ?, ?, (select i.id from facestream.identity i where i.id = ?::uuid), ?::real,
                ?::text, ?, ?, ?, ?, ?, ?::bigint, ?::jsonb)
            on conflict (source, sighting_id, day) do update set
                sequence = excluded.sequence, change = excluded.change, kind = excluded.kind,
                identity_id = excluded.identity_id, probability = excluded.probability, reason = excluded.reason,
                last_seen = excluded.last_seen, last_appended_at = excluded.last_appended_at, frames = excluded.frames,
                named_after_millis = excluded.named_after_millis, best = excluded.best
            where s.sequence < excluded.sequence""";

    private final DataSource database;
    private final Duration keep;
    private final Set<LocalDate> made = new HashSet<>();

    /** @param keep how long visits are kept; older ones are not written */
    SightingTable(DataSource database, Duration keep) {
        this.database = database;
        this.keep = keep;
    }

    /** What was removed. */
    record Expired(int days, int visits) {}

    private record Visit(String source, String sightingId) {}

    /**
     * Writes messages in one transaction.
     *
     * @return how many visits they are of; those of days that are kept no longer do not count
     */
    int write(Collection<Sighting> messages) throws SQLException {
        LocalDate oldest = LocalDate.now(ZoneOffset.UTC).minusDays(keep.toDays());
        Map<Visit, Sighting> latest = new LinkedHashMap<>();
        for (Sighting message : messages) {
            if (!day(message).isBefore(oldest)) {
                latest.merge(
                        new Visit(message.source(), message.sightingId()),
                        message,
                        (one, other) -> one.sequence() >= other.sequence() ? one : other);
            }
        }
        Set<LocalDate> days = new HashSet<>();
        latest.values().forEach(message -> days.add(day(message)));
        days.removeAll(made);
        Sql.inTransaction(database, sql -> {
            if (!days.isEmpty()) {
                sql.query(
                        "select facestream.make_sighting_days(?)",
                        row -> row.getObject(1),
                        Sql.array("date", days.toArray()));
            }
            sql.executeAll(
                    UPSERT,
                    latest.values().stream().map(SightingTable::parameters).toList());
            return null;
        });
        made.addAll(days);
        return latest.size();
    }

    /** Removes days that are over, and visits of nobody known that are kept for less long. */
    Expired expire(Duration keepUnknown) throws SQLException {
        // The days that are known may be those that go.
        made.clear();
        return Sql.on(
                        database,
                        sql -> sql.first(
                                "select days, visits from facestream.expire_sightings("
                                        + "make_interval(secs => ?), make_interval(secs => ?))",
                                row -> new Expired(row.getInt(1), row.getInt(2)),
                                (double) keep.toSeconds(),
                                (double) keepUnknown.toSeconds()))
                .orElseThrow();
    }

    private static LocalDate day(Sighting message) {
        return LocalDate.ofInstant(message.firstAppendedAt(), ZoneOffset.UTC);
    }

    private static List<Object> parameters(Sighting message) {
        return Arrays.asList(
                message.source(),
                message.sightingId(),
                day(message),
                message.sequence(),
                message.change().code(),
                message.camera(),
                message.subject().kind().code(),
                message.subject().identityId(),
                message.subject().probability(),
                message.reason() == null ? null : message.reason().code(),
                message.firstSeen(),
                message.lastSeen(),
                message.firstAppendedAt(),
                message.lastAppendedAt(),
                message.frames(),
                message.namedAfterMillis(),
                new String(Json.write(message.best()), UTF_8));
    }
}
