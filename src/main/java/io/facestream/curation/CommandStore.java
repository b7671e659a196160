package io.facestream.curation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.curation.message.GalleryCommand;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.curation.message.GalleryEvent.LeftOnTopic;
import io.facestream.database.Sql;
import io.facestream.messaging.Json;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Gallery commands in PostgreSQL. Each is stored once, and done by the one worker that holds its lease, in the order in
 * which they came.
 *
 * <pre>
 *  queued --claim--> running --end--> done | rejected | failed --announced--> (gallery-events has the answer)
 *               ^       |
 *               +-------+ the lease expired
 * </pre>
 */
final class CommandStore {
    private final DataSource dataSource;
    private final String owner;
    private final Duration lease;

    /** @param owner of leases, unique */
    CommandStore(DataSource dataSource, String owner, Duration lease) {
        this.dataSource = dataSource;
        this.owner = owner;
        this.lease = lease;
    }

    /**
     * A command whose lease this worker holds.
     *
     * @param attempt from 1; higher after workers died
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Claimed(UUID id, String kind, byte[] json, int attempt) {}

    /**
     * An answer that may not have reached the topic.
     *
     * @param lacksTopics whether it is an erasure's, and does not say yet what topics hold
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Answer(UUID command, byte[] json, boolean lacksTopics) {}

    /**
     * Stores a command, unless its id is known; one that has ended is announced again.
     *
     * @param requestedBy who says to have asked for it; null if nobody does
     */
    void store(GalleryCommand command, String requestedBy) throws SQLException {
        Sql.on(
                dataSource,
                sql -> sql.execute(
                        "insert into facestream.gallery_command as known (id, kind, command, requested_by)"
                                + " values (?, ?, ?::jsonb, ?::text)"
                                + " on conflict (id) do update set announced = false where known.answer is not null",
                        command.commandId(),
                        command.kind(),
                        new String(Json.write(command), UTF_8),
                        requestedBy));
    }

    /** Claims the oldest command that has not ended, unless another worker holds it. */
    Optional<Claimed> claim() throws SQLException {
        return Sql.on(
                dataSource,
                sql -> sql.first(
                        "update facestream.gallery_command c set state = 'running', lease_owner = ?,"
                                + " lease_until = now() + make_interval(secs => ?), attempts = attempts + 1,"
                                + " updated_at = now()"
                                + " where c.id = (select o.id from facestream.gallery_command o"
                                + " where o.state in ('queued', 'running') order by o.place limit 1)"
                                + " and (c.state = 'queued' or c.lease_until < now())"
                                + " returning c.id, c.kind, c.command, c.attempts",
                        row -> new Claimed(
                                row.getObject("id", UUID.class),
                                row.getString("kind"),
                                row.getString("command").getBytes(UTF_8),
                                row.getInt("attempts")),
                        owner,
                        lease.toMillis() / 1e3));
    }

    /**
     * Stores how a command ended, and forgets what it said, in the transaction of its effect.
     *
     * @throws LeaseLostException if the lease is another worker's, so that the effect must not stay
     */
    void end(Sql sql, UUID command, GalleryEvent answer) throws SQLException, LeaseLostException {
        int ended = sql.execute(
                "update facestream.gallery_command set state = ?, answer = ?::jsonb, command = null,"
                        + " lease_owner = null, lease_until = null, updated_at = now()"
                        + " where id = ? and state = 'running' and lease_owner = ?",
                answer.state().label(),
                new String(Json.write(answer), UTF_8),
                command,
                owner);
        if (ended == 0) {
            throw new LeaseLostException(command);
        }
    }

    /** Lets a command be tried again at once. */
    void release(UUID command) throws SQLException {
        Sql.on(
                dataSource,
                sql -> sql.execute(
                        "update facestream.gallery_command set state = 'queued', lease_owner = null, lease_until = null"
                                + " where id = ? and state = 'running' and lease_owner = ?",
                        command,
                        owner));
    }

    /**
     * Lets a command be tried again at once, as if it had not been tried, since an outage is not its fault. A command
     * that came ten minutes ago has been tried: others wait behind it.
     */
    void postpone(UUID command) throws SQLException {
        Sql.on(
                dataSource,
                sql -> sql.execute(
                        "update facestream.gallery_command"
                                + " set state = 'queued', lease_owner = null, lease_until = null,"
                                + " attempts = attempts - (created_at > now() - interval '10 minutes')::int"
                                + " where id = ? and state = 'running' and lease_owner = ?",
                        command,
                        owner));
    }

    /** Removes negatives that are that old, and what was said of visits that are gone. */
    void expireNegatives(Duration keep) throws SQLException {
        Sql.on(
                dataSource,
                sql -> sql.first(
                        "select facestream.expire_negatives(make_interval(secs => ?))",
                        row -> row.getLong(1),
                        keep.toMillis() / 1e3));
    }

    /** Answers that may not be on {@code gallery-events} yet, oldest first. */
    List<Answer> unannounced() throws SQLException {
        return Sql.on(
                dataSource,
                sql -> sql.query(
                        "select id, answer, answer -> 'receipt' is not null and answer -> 'topics' is null"
                                + " as lacks_topics from facestream.gallery_command"
                                + " where answer is not null and not announced order by updated_at, place limit 100",
                        row -> new Answer(
                                row.getObject("id", UUID.class),
                                row.getString("answer").getBytes(UTF_8),
                                row.getBoolean("lacks_topics"))));
    }

    /** Adds to an erasure's answer what topics hold, unless another worker has, and returns the answer. */
    byte[] addTopics(UUID command, List<LeftOnTopic> topics) throws SQLException {
        return Sql.on(
                        dataSource,
                        sql -> sql.first(
                                "update facestream.gallery_command"
                                        + " set answer = jsonb_build_object('topics', ?::jsonb) || answer"
                                        + " where id = ? returning answer",
                                row -> row.getString("answer").getBytes(UTF_8),
                                new String(Json.write(topics), UTF_8),
                                command))
                .orElseThrow();
    }

    void announced(UUID command) throws SQLException {
        Sql.on(
                dataSource,
                sql -> sql.execute("update facestream.gallery_command set announced = true where id = ?", command));
    }

    /** How long the oldest command that has not ended, or whose answer is not published, has waited. */
    Duration oldest() throws SQLException {
        return Sql.on(
                        dataSource,
                        sql -> sql.first(
                                "select extract(epoch from now() - min(updated_at))::float8"
                                        + " from facestream.gallery_command"
                                        + " where state in ('queued', 'running') or not announced",
                                row -> Duration.ofMillis((long) (1e3 * row.getDouble(1)))))
                .orElseThrow();
    }

    /** Removes commands that ended so long ago, and what it took to undo them; returns how many. */
    int expire(Duration keep) throws SQLException {
        return Sql.on(
                dataSource,
                sql -> sql.execute(
                        "delete from facestream.gallery_command where id in (select id from facestream.gallery_command"
                                + " where answer is not null and announced"
                                + " and updated_at < now() - make_interval(secs => ?) limit 1000)",
                        keep.toMillis() / 1e3));
    }

    /** Another worker has the lease, because this one held it for too long. */
    static final class LeaseLostException extends Exception {
        private static final long serialVersionUID = 1L;

        LeaseLostException(UUID command) {
            super("the lease of gallery command " + command + " is another worker's");
        }
    }
}
