package io.facestream.sightings.projection;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.database.Sql;
import io.facestream.database.WrittenRows;
import io.facestream.messaging.Json;
import io.facestream.models.ModelRegistry;
import io.facestream.sightings.message.Sighting;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
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
     * database, has none. A shot is wanted where the face or the identity is another one.
     */
    private static final String UPSERT =
            """
            insert into facestream.sighting as s (source, sighting_id, day, sequence, change, camera, kind,
                identity_id, probability, reason, first_seen, last_seen, first_appended_at, last_appended_at, frames,
                named_after_millis, best, wants_shot)
            select ?, ?, ?, ?, ?, ?, ?, i.id, ?::real, ?::text, ?, ?, ?, ?, ?, ?::bigint, ?::jsonb,
                ? and (w.id is null or i.id is not null)
            from (select ?::uuid as id) w left join facestream.identity i on i.id = w.id
            on conflict (source, sighting_id, day) do update set
                sequence = excluded.sequence, change = excluded.change, kind = excluded.kind,
                identity_id = excluded.identity_id, probability = excluded.probability, reason = excluded.reason,
                first_seen = excluded.first_seen, last_seen = excluded.last_seen,
                last_appended_at = excluded.last_appended_at, frames = excluded.frames,
                named_after_millis = excluded.named_after_millis, best = excluded.best,
                wants_shot = excluded.wants_shot and (s.wants_shot
                    or s.identity_id is distinct from excluded.identity_id
                    or s.best ->> 'eventId' is distinct from excluded.best ->> 'eventId')
            where s.sequence < excluded.sequence""";

    private final DataSource database;
    private final Duration keep;
    private final ShotRules shots;
    private final Set<LocalDate> made = new HashSet<>();

    /**
     * @param keep how long visits are kept; older ones are not written
     * @param shots of whom the best shot is wanted
     */
    SightingTable(DataSource database, Duration keep, ShotRules shots) {
        this.database = database;
        this.keep = keep;
        this.shots = shots;
    }

    /**
     * What became of some messages.
     *
     * @param visits whose latest message is in the database now
     * @param refused messages that cannot be rows
     */
    record Written(int visits, List<Refused> refused) {}

    /** A message that cannot be a row, and why. */
    record Refused(Sighting message, String why) {}

    private record Visit(String source, String sightingId, LocalDate day) {
        static final Comparator<Visit> ORDER = Comparator.comparing(Visit::source)
                .thenComparing(Visit::sightingId)
                .thenComparing(Visit::day);
    }

    /**
     * Writes messages in one transaction, but for those that the database will never take, which are left out, and
     * those of days that are over for longer than visits are kept.
     */
    Written write(Collection<Sighting> messages) throws SQLException {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        LocalDate oldest = today.minusDays(keep.toDays());
        List<Refused> refused = new ArrayList<>();
        Map<Visit, Sighting> latest = new HashMap<>();
        for (Sighting message : messages) {
            LocalDate day = day(message);
            if (day.isAfter(today.plusDays(1))) {
                refused.add(new Refused(
                        message,
                        "it began on " + day + ", which is to come: check the clocks of the brokers and of this host"));
            } else if (!day.isBefore(oldest)) {
                latest.merge(
                        new Visit(message.source(), message.sightingId(), day),
                        message,
                        (one, other) -> one.sequence() >= other.sequence() ? one : other);
            }
        }
        // In one order: transactions of two replicas wait for each other's rows in turn, but never in a circle.
        List<Sighting> rows = latest.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(Visit.ORDER))
                .map(Map.Entry::getValue)
                .toList();
        makeDays(rows);
        WrittenRows<Sighting, Integer> written = WrittenRows.of(rows, this::upsert);
        written.refused()
                .forEach(row -> refused.add(new Refused(row.row(), row.why().getMessage())));
        return new Written(
                written.results().stream().mapToInt(Integer::intValue).sum(), refused);
    }

    /** A refusal is no fault of a message: the clocks of this host and of the database's disagree by days. */
    private void makeDays(List<Sighting> rows) throws SQLException {
        Set<LocalDate> days = new HashSet<>();
        rows.forEach(message -> days.add(day(message)));
        days.removeAll(made);
        if (!days.isEmpty()) {
            Sql.on(
                    database,
                    sql -> sql.query(
                            "select facestream.make_sighting_days(?)",
                            row -> row.getObject(1),
                            Sql.array("date", days.toArray())));
            made.addAll(days);
        }
    }

    /** Returns how many rows. */
    private int upsert(List<Sighting> rows) throws SQLException {
        try {
            return Sql.inTransaction(database, sql -> {
                // An erasure holds this lock alone. It locks a person and then the visits, this the other way round.
                sql.execute("select pg_advisory_xact_lock_shared(" + ModelRegistry.VERSIONS_LOCK + ")");
                sql.executeAll(UPSERT, rows.stream().map(this::parameters).toList());
                return rows.size();
            });
        } catch (SQLException e) {
            // A day may be gone that was there: another process keeps visits for less long.
            made.clear();
            throw e;
        }
    }

    private static LocalDate day(Sighting message) {
        return LocalDate.ofInstant(message.firstAppendedAt(), ZoneOffset.UTC);
    }

    private List<Object> parameters(Sighting message) {
        return Arrays.asList(
                message.source(),
                message.sightingId(),
                day(message),
                message.sequence(),
                message.change().code(),
                message.camera(),
                message.subject().kind().code(),
                message.subject().probability(),
                message.reason() == null ? null : message.reason().code(),
                message.firstSeen(),
                message.lastSeen(),
                message.firstAppendedAt(),
                message.lastAppendedAt(),
                message.frames(),
                message.namedAfterMillis(),
                new String(Json.write(message.best()), UTF_8),
                shots.keeps(message.subject().kind()),
                message.subject().identityId());
    }
}
