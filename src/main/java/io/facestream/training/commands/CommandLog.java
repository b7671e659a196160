package io.facestream.training.commands;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.database.Sql;
import io.facestream.gallery.NameHash;
import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * The training commands in PostgreSQL. Each is stored once, and worked on by the one worker that holds its lease.
 *
 * <pre>
 *  queued --claim--> running --finish--> done | failed | cancelled --announced--> (training-progress has it)
 *               ^       |
 *               +-------+ the lease expired: another worker continues from the last checkpoint
 * </pre>
 */
public class CommandLog {
    private static final Logger LOG = Logger.getLogger(CommandLog.class);

    private final DataSource dataSource;
    private final String owner;
    private final Duration lease;

    /** @param owner of leases, unique */
    public CommandLog(DataSource dataSource, String owner, Duration lease) {
        this.dataSource = dataSource;
        this.owner = owner;
        this.lease = lease;
    }

    /** The checkpoints of this owner's commands. */
    public CheckpointLog checkpoints() {
        return new CheckpointLog(dataSource, owner);
    }

    /**
     * A command whose lease this worker holds.
     *
     * @param ends the end offsets of each topic and partition when the command arrived
     * @param attempt from 1; higher after workers died
     */
    public record Claimed(
            TrainingCommand command, Map<String, Map<Integer, Long>> ends, Instant createdAt, int attempt) {}

    /** A terminal message that may not have reached the topic. */
    public record Result(UUID command, byte[] progress) {}

    /** The topics and offsets as JSON. */
    private record Ends(Map<String, Map<Integer, Long>> topics) {}

    /**
     * Stores a command, unless its id is known.
     *
     * @return whether it is queued: it is new, or was sent again before a worker claimed it
     */
    public boolean store(TrainingCommand command, byte[] json, Map<String, Map<Integer, Long>> ends)
            throws SQLException {
        return Sql.on(dataSource, sql -> sql.first(
                        "insert into facestream.training_command as known"
                                + " (id, command, kind, end_offsets) values (?, ?::jsonb, ?, ?::jsonb)"
                                // changes nothing: without an update the row is not returned
                                + " on conflict (id) do update set id = known.id returning state = 'queued'",
                        row -> row.getBoolean(1),
                        command.commandId(),
                        new String(json, UTF_8),
                        command.kind(),
                        json(new Ends(ends)))
                .orElseThrow());
    }

    /**
     * Ends a fine-tuning: at once if it is queued, by its worker if it is running.
     *
     * @param ended the end of a queued command
     * @return whether it was queued or running
     */
    public boolean cancel(UUID command, TrainingProgress ended) throws SQLException {
        int waiting = update(
                "update facestream.training_command set state = ?, result = ?::jsonb, updated_at = now()"
                        + " where id = ? and state = 'queued' and kind = 'fine-tune'",
                ended.state().label(),
                json(ended),
                command);
        return waiting > 0
                || update(
                                "update facestream.training_command set cancel_requested = true, updated_at = now()"
                                        + " where id = ? and state in ('running', 'cancelled') and kind = 'fine-tune'",
                                command)
                        > 0;
    }

    /**
     * Claims the oldest command of these kinds that no worker holds.
     *
     * @param inOrder whether to claim nothing while an older command is unfinished
     */
    public Optional<Claimed> claim(List<String> kinds, boolean inOrder) throws SQLException {
        Object wanted = Sql.array("text", kinds.toArray());
        List<Object> parameters = new ArrayList<>(List.of(owner, lease.toMillis() / 1e3, wanted));
        if (inOrder) {
            parameters.add(wanted);
        }
        Optional<Stored> stored = Sql.on(
                dataSource,
                sql -> sql.first(
                        "update facestream.training_command c set state = 'running', lease_owner = ?,"
                                + " lease_until = now() + make_interval(secs => ?), attempts = attempts + 1,"
                                + " updated_at = now()"
                                + " where c.id = (select id from facestream.training_command"
                                + " where kind = any (?)"
                                + " and (state = 'queued' or (state = 'running' and lease_until < now()))"
                                + (inOrder
                                        ? " and not exists (select from facestream.training_command older"
                                                + " where older.kind = any (?)"
                                                + " and older.state in ('queued', 'running')"
                                                + " and (older.created_at, older.id)"
                                                + " < (training_command.created_at, training_command.id))"
                                        : "")
                                + " order by created_at, id limit 1 for update skip locked)"
                                + " returning c.id, c.kind, c.command, c.end_offsets, c.created_at, c.attempts",
                        CommandLog::stored,
                        parameters.toArray()));
        return stored.isEmpty() ? Optional.empty() : claimed(stored.get());
    }

    /** A row. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Stored(UUID id, String kind, byte[] command, byte[] ends, Instant createdAt, int attempts) {}

    private static Stored stored(ResultSet row) throws SQLException {
        return new Stored(
                row.getObject("id", UUID.class),
                row.getString("kind"),
                row.getString("command").getBytes(UTF_8),
                row.getString("end_offsets").getBytes(UTF_8),
                Sql.instant(row, "created_at"),
                row.getInt("attempts"));
    }

    /** Empty if the command cannot be read; then it is ended here. */
    private Optional<Claimed> claimed(Stored stored) throws SQLException {
        try {
            return Optional.of(new Claimed(
                    TrainingCommand.read(stored.command),
                    Json.read(stored.ends, Ends.class).topics(),
                    stored.createdAt,
                    stored.attempts));
        } catch (RejectedException | IllegalArgumentException e) {
            // Another build stored it, which allowed what this one does not.
            TrainingProgress end = TrainingProgress.unreadable(stored.id, stored.kind, e.getMessage());
            finish(stored.id, end);
            LOG.warnf("training command %s cannot be read: %s", stored.id, end.message());
            return Optional.empty();
        }
    }

    /**
     * Renews the lease.
     *
     * @return whether cancelling was asked for
     * @throws LeaseLostException if it is another worker's
     */
    public boolean renew(UUID command) throws SQLException {
        return Sql.on(
                        dataSource,
                        sql -> sql.first(
                                "update facestream.training_command"
                                        + " set lease_until = now() + make_interval(secs => ?) where id = ?"
                                        + " and state = 'running' and lease_owner = ? returning cancel_requested",
                                row -> row.getBoolean(1),
                                lease.toMillis() / 1e3,
                                command,
                                owner))
                .orElseThrow(() -> new LeaseLostException(command));
    }

    /** Releases a command because this worker is stopping. That does not count as an attempt. */
    public void release(UUID command) throws SQLException {
        update(
                "update facestream.training_command set lease_until = now() - interval '1 second',"
                        + " attempts = attempts - 1"
                        + " where id = ? and state = 'running' and lease_owner = ?",
                command,
                owner);
    }

    /**
     * Stores a command's end with its message, and deletes its checkpoints.
     *
     * @throws LeaseLostException if it is another worker's
     */
    public void finish(UUID command, TrainingProgress result) throws SQLException {
        Sql.inTransaction(dataSource, sql -> {
            int finished = sql.execute(
                    "update facestream.training_command set state = ?, result = ?::jsonb, lease_owner = null,"
                            + " lease_until = null, updated_at = now()"
                            + " where id = ? and state = 'running' and lease_owner = ?",
                    result.state().label(),
                    json(result),
                    command,
                    owner);
            if (finished == 0) {
                throw new LeaseLostException(command);
            }
            return sql.execute("delete from facestream.training_checkpoint where command_id = ?", command);
        });
    }

    /** Ends that may not be on {@code training-progress} yet, oldest first. */
    public List<Result> unannounced() throws SQLException {
        return Sql.on(
                dataSource,
                sql -> sql.query(
                        "select id, result from facestream.training_command"
                                + " where result is not null and not announced order by updated_at, id limit 100",
                        row -> new Result(
                                row.getObject("id", UUID.class),
                                row.getString("result").getBytes(UTF_8))));
    }

    public void announced(UUID command) throws SQLException {
        update("update facestream.training_command set announced = true where id = ?", command);
    }

    /**
     * The version that a command refers to, as first resolved: after a crash it might resolve to another.
     *
     * @param found stored if no version is stored yet; null to read only
     * @return the stored version; null if there is none
     */
    public String version(UUID command, String found) throws SQLException {
        record Noted(String version) {}
        return Sql.on(
                        dataSource,
                        sql -> sql.first(
                                "update facestream.training_command set version = coalesce(version, ?)"
                                        + " where id = ? and lease_owner = ? returning version",
                                row -> new Noted(row.getString(1)),
                                found,
                                command,
                                owner))
                .orElseThrow(() -> new LeaseLostException(command))
                .version();
    }

    /** Stores whom a command's network is trained on, as hashes of names. */
    public void trainedOn(UUID command, Collection<String> names) throws SQLException {
        Object hashes = Sql.array("bytea", names.stream().map(NameHash::of).toArray(byte[][]::new));
        Sql.on(dataSource, sql -> sql.execute("select facestream.note_trained_on(?, ?)", command, hashes));
    }

    /** How many of the people in a command's training have been erased since. */
    public long erasedMeanwhile(UUID command) throws SQLException {
        return Sql.on(
                dataSource, sql -> sql.first("select facestream.erased_of_command(?)", row -> row.getLong(1), command)
                        .orElseThrow());
    }

    /**
     * Stores why the candidate of a command must not be promoted automatically, before it exists.
     *
     * @param objection null if it may be promoted
     */
    public void object(UUID command, String objection) throws SQLException {
        int held = update(
                "update facestream.training_command set objection = ? where id = ? and lease_owner = ?",
                objection,
                command,
                owner);
        if (held == 0) {
            throw new LeaseLostException(command);
        }
    }

    /** Why a command's candidate must not be promoted automatically; empty if it may be. */
    public Optional<String> objection(UUID command) throws SQLException {
        return Sql.on(
                dataSource,
                sql -> sql.first(
                        "select objection from facestream.training_command where id = ?",
                        row -> row.getString(1),
                        command));
    }

    private int update(String statement, Object... parameters) throws SQLException {
        return Sql.on(dataSource, sql -> sql.execute(statement, parameters));
    }

    private static String json(Object value) {
        return new String(Json.write(value), UTF_8);
    }
}
