package io.facestream.sightings.projection;

import io.facestream.database.Sql;
import io.facestream.faces.ChipTopic;
import io.facestream.faces.ChipTopic.Chip;
import io.facestream.faces.ChipTopic.Found;
import io.facestream.messaging.RecordPointer;
import io.facestream.models.ModelRegistry;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;

/** The table {@code facestream.sighting_shot}. */
final class ShotTable {
    /** At once, so that a round takes seconds, and the chips of a round fit in memory. */
    static final int MOST_WANTED = 100;

    /** Held by the replica that reads chips: the others write rows meanwhile. */
    private static final String TURN = "select pg_try_advisory_xact_lock(7377286951989441135)";

    private static final String WANTED =
            """
            select s.source, s.sighting_id, s.day, s.identity_id, s.best ->> 'eventId',
                s.best #>> '{pointers,chip,topic}', (s.best #>> '{pointers,chip,partition}')::int,
                (s.best #>> '{pointers,chip,offset}')::bigint
            from facestream.sighting s
            where s.wants_shot and case when s.identity_id is null then ? else ? end
            order by s.last_appended_at
            limit ?""";

    private static final String KEEP = "select facestream.keep_shot(?, ?, ?, ?::uuid, ?, ?, ?)";

    private static final String SETTLE =
            """
            update facestream.sighting s set wants_shot = false
            where s.source = ? and s.sighting_id = ? and s.day = ? and s.best ->> 'eventId' = ?
                and s.identity_id is not distinct from ?::uuid""";

    private final DataSource database;
    private final ShotRules rules;

    ShotTable(DataSource database, ShotRules rules) {
        this.database = database;
        this.rules = rules;
    }

    /** What a round did: shots that were kept, that are gone, that are unreadable, and all that were looked up. */
    record Round(int kept, int gone, int unreadable, int looked) {
        static final Round NONE = new Round(0, 0, 0, 0);
    }

    /**
     * Looks up the shots that are wanted, and keeps them. One replica at a time does.
     *
     * @param chips what lies at places; where it throws, nothing was done
     */
    Round fill(Function<List<WantedShot>, Map<WantedShot, Found>> chips) throws SQLException {
        return Sql.inTransaction(database, sql -> {
            boolean turn = sql.first(TURN, row -> row.getBoolean(1)).orElseThrow();
            List<WantedShot> wanted = turn ? wanted(sql) : List.of();
            if (wanted.isEmpty()) {
                return Round.NONE;
            }
            Map<WantedShot, Found> found = chips.apply(wanted);
            // An erasure holds it alone: it goes from a person to the shots, and this the other way.
            sql.execute("select pg_advisory_xact_lock_shared(" + ModelRegistry.VERSIONS_LOCK + ")");
            Map<ChipTopic.Missing, Integer> missing = new HashMap<>();
            int kept = 0;
            for (Map.Entry<WantedShot, Found> entry : found.entrySet()) {
                if (entry.getValue() instanceof Chip chip) {
                    kept += keep(sql, entry.getKey(), chip) ? 1 : 0;
                } else {
                    missing.merge((ChipTopic.Missing) entry.getValue(), 1, Integer::sum);
                }
                WantedShot shot = entry.getKey();
                sql.execute(SETTLE, shot.source(), shot.sightingId(), shot.day(), shot.eventId(), shot.identityId());
            }
            return new Round(
                    kept,
                    missing.getOrDefault(ChipTopic.Missing.GONE, 0),
                    missing.getOrDefault(ChipTopic.Missing.UNREADABLE, 0),
                    found.size());
        });
    }

    private List<WantedShot> wanted(Sql sql) throws SQLException {
        return sql.query(
                WANTED,
                row -> new WantedShot(
                        row.getString(1),
                        row.getString(2),
                        row.getObject(3, LocalDate.class),
                        row.getObject(4, UUID.class),
                        row.getString(5),
                        new RecordPointer(row.getString(6), row.getInt(7), row.getLong(8))),
                rules.keepsOthers(),
                rules.keepsPeople(),
                MOST_WANTED);
    }

    /** False for somebody who was erased meanwhile, or where the visit is about another face by now. */
    private static boolean keep(Sql sql, WantedShot shot, Chip chip) throws SQLException {
        return sql.first(
                        KEEP,
                        row -> row.getBoolean(1),
                        shot.source(),
                        shot.sightingId(),
                        shot.day(),
                        shot.identityId(),
                        shot.eventId(),
                        chip.appendedAt(),
                        chip.png())
                .orElseThrow();
    }
}
