package io.facestream.curation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.curation.message.GalleryEvent.Receipt;
import io.facestream.curation.message.GalleryEvent.TrainedVersion;
import io.facestream.database.Sql;
import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;

/** Erasures in PostgreSQL, until they are verified. */
final class ReceiptStore {
    /**
     * After the last topic should have deleted what it held: brokers delete whole segments, minutes apart, and a vacuum
     * comes within hours.
     */
    private static final Duration OVERDUE = Duration.ofDays(1);

    private final DataSource dataSource;

    ReceiptStore(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * An erasure whose turn it is.
     *
     * @param verified whether nothing is left, and only the event is missing
     */
    record Open(UUID id, boolean verified) {}

    /**
     * What the database still needs.
     *
     * @param waitingFor null if nothing
     * @param visitsEnded when no visit of the time of the erasure was open any more; null while one is
     */
    record Tended(String waitingFor, Instant visitsEnded) {}

    /**
     * Erasures that are not verified yet.
     *
     * @param overdue those of which nothing should be left any more
     */
    record Unverified(long all, long overdue) {}

    /** What shows that somebody was erased, in the transaction that erases or later. */
    static Receipt receipt(Sql sql, UUID id) throws SQLException {
        List<TrainedVersion> versions = sql.query(
                "select version, status from facestream.erasure_versions(?)",
                row -> new TrainedVersion(row.getString(1), row.getString(2)),
                id);
        return sql.first(
                        "select erased_at, verified_at from facestream.erasure_receipt where id = ?",
                        row -> new Receipt(
                                Sql.instant(row, "erased_at"),
                                "select * from facestream.erasure_left('" + id + "')",
                                versions,
                                Receipt.NOT_COVERED,
                                Sql.instant(row, "verified_at")),
                        id)
                .orElseThrow();
    }

    Receipt receipt(UUID id) throws SQLException {
        return Sql.on(dataSource, sql -> receipt(sql, id));
    }

    /** What topics held when they were first asked about this erasure, which is now if nobody has. */
    List<HeldTopic> topics(UUID id, Supplier<List<HeldTopic>> ask) throws SQLException {
        Optional<List<HeldTopic>> known = Sql.on(
                dataSource,
                sql -> sql.first(
                        "select topics from facestream.erasure_receipt where id = ? and topics is not null",
                        row -> topics(row.getString(1)),
                        id));
        if (known.isPresent()) {
            return known.get();
        }
        String now = json(ask.get());
        return Sql.on(
                        dataSource,
                        sql -> sql.first(
                                "update facestream.erasure_receipt set topics = coalesce(topics, ?::jsonb)"
                                        + " where id = ? returning topics",
                                row -> topics(row.getString(1)),
                                now,
                                id))
                .orElseThrow();
    }

    /** Claims the erasure that nobody has looked at for longest, for this interval. */
    Optional<Open> claim(Duration interval) throws SQLException {
        return Sql.on(
                dataSource,
                sql -> sql.first(
                        "update facestream.erasure_receipt r set checked_at = now() where r.id = ("
                                + "select o.id from facestream.erasure_receipt o"
                                + " where not o.announced and o.checked_at <= now() - make_interval(secs => ?)"
                                + " order by o.checked_at limit 1 for update skip locked)"
                                + " returning r.id, r.verified_at is not null",
                        row -> new Open(row.getObject(1, UUID.class), row.getBoolean(2)),
                        interval.toMillis() / 1e3));
    }

    /** Does what the database needs, and can be done now. */
    Tended tend(UUID id) throws SQLException {
        return Sql.inTransaction(dataSource, sql -> sql.first(
                        "select waiting_for, visits_ended from facestream.tend_erasure(?)",
                        row -> new Tended(row.getString(1), Sql.instant(row, "visits_ended")),
                        id)
                .orElseThrow());
    }

    /** The tables that still hold something of whom it erased. */
    List<String> tablesWithRows(UUID id) throws SQLException {
        return Sql.on(
                dataSource,
                sql -> sql.query(
                        "select what from facestream.erasure_left(?) where remains > 0", row -> row.getString(1), id));
    }

    /** @param waitingFor null if nothing is left, which verifies it */
    void looked(UUID id, List<HeldTopic> topics, String waitingFor) throws SQLException {
        Sql.on(
                dataSource,
                sql -> sql.execute(
                        "update facestream.erasure_receipt set topics = ?::jsonb, waiting_for = ?::text,"
                                + " verified_at = case when ?::text is null then now() end where id = ?",
                        json(topics),
                        waitingFor,
                        waitingFor,
                        id));
    }

    void announced(UUID id) throws SQLException {
        Sql.on(
                dataSource,
                sql -> sql.execute("update facestream.erasure_receipt set announced = true where id = ?", id));
    }

    /** How many are not verified yet, and are overdue. */
    Unverified unverified() throws SQLException {
        return Sql.on(
                        dataSource,
                        sql -> sql.first(
                                "select count(*), count(*) filter (where coalesce(gone_by, erased_at)"
                                        + " < now() - make_interval(secs => ?))"
                                        + " from facestream.erasures where verified_at is null",
                                row -> new Unverified(row.getLong(1), row.getLong(2)),
                                OVERDUE.toSeconds()))
                .orElseThrow();
    }

    private static List<HeldTopic> topics(String json) throws SQLException {
        try {
            return List.of(Json.read(json.getBytes(UTF_8), HeldTopic[].class));
        } catch (RejectedException e) {
            throw new SQLException("what topics held is not as it was written", e);
        }
    }

    private static String json(List<HeldTopic> topics) {
        return new String(Json.write(topics), UTF_8);
    }
}
