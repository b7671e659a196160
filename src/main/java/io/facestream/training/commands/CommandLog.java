package io.facestream.training.commands;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.gallery.NameHash;
import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import io.facestream.models.ModelMetrics;
import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * The training commands in PostgreSQL: stored once, each worked on by one worker at a time, who holds it by a lease.
 *
 * <pre>
 *  queued --claim--> running --finish--> done | failed | cancelled --announced--> (training-progress has it)
 *               ^       |
 *               +-------+ the lease ran out: another worker goes on from the last checkpoint
 * </pre>
 */
public final class CommandLog {
    private static final Logger LOG = Logger.getLogger(CommandLog.class);

    /** One piece of a checkpoint: a row of moderate size. */
    private static final int PIECE = 4 << 20;

    private static final int KEPT_CHECKPOINTS = 2;

    private final DataSource dataSource;
    private final String owner;
    private final Duration lease;

    /** @param owner of leases, unique */
    public CommandLog(DataSource dataSource, String owner, Duration lease) {
        this.dataSource = dataSource;
        this.owner = owner;
        this.lease = lease;
    }

    /**
     * A command that this worker has.
     *
     * @param ends for each topic and partition where it ended when the command came
     * @param attempt 1, or more after workers that died
     */
    public record Claimed(
            TrainingCommand command, Map<String, Map<Integer, Long>> ends, Instant createdAt, int attempt) {}

    /** A terminal message that may not have reached the topic. */
    public record Result(UUID command, byte[] progress) {}

    /** The lease is somebody else's: whatever was being done is theirs to do. */
    public static final class LeaseLostException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public LeaseLostException(UUID command) {
            super("another worker has taken over command " + command + ": this one was not heard of in time");
        }
    }

    /** The topics and offsets as JSON. */
    private record Ends(Map<String, Map<Integer, Long>> topics) {}

    private record Epochs(List<ModelMetrics.Epoch> epochs) {}

    /**
     * Stores a command, unless its id is known.
     *
     * @return whether it waits for a worker: it is new, or has come again before one took it
     */
    public boolean store(TrainingCommand command, byte[] json, Map<String, Map<Integer, Long>> ends)
            throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert =
                        connection.prepareStatement("insert into facestream.training_command as known"
                                + " (id, command, kind, end_offsets) values (?, ?::jsonb, ?, ?::jsonb)"
                                // changes nothing, but a row that is not touched is not returned
                                + " on conflict (id) do update set id = known.id returning state = 'queued'")) {
            insert.setObject(1, command.commandId());
            insert.setString(2, new String(json, UTF_8));
            insert.setString(3, command.kind());
            insert.setString(4, new String(Json.write(new Ends(ends)), UTF_8));
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }

    /**
     * Ends a fine-tuning: at once if it is waiting; if it is under way, its worker will.
     *
     * @param ended what is to be said of one that was waiting
     * @return whether it was one or the other
     */
    public boolean cancel(UUID command, TrainingProgress ended) throws SQLException {
        int waiting = update(
                "update facestream.training_command set state = ?, result = ?::jsonb, updated_at = now()"
                        + " where id = ? and state = 'queued' and kind = 'fine-tune'",
                ended.state().label(),
                new String(Json.write(ended), UTF_8),
                command);
        return waiting > 0
                || update(
                                "update facestream.training_command set cancel_requested = true, updated_at = now()"
                                        + " where id = ? and state in ('running', 'cancelled') and kind = 'fine-tune'",
                                command)
                        > 0;
    }

    /**
     * The oldest command of one of these kinds that nobody works on.
     *
     * @param inOrder none while an older one is not finished
     */
    public Optional<Claimed> claim(List<String> kinds, boolean inOrder) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement claim = connection.prepareStatement(
                        "update facestream.training_command c set state = 'running', lease_owner = ?,"
                                + " lease_until = now() + make_interval(secs => ?), attempts = attempts + 1, updated_at = now()"
                                + " where c.id = (select id from facestream.training_command"
                                + " where kind = any (?) and (state = 'queued' or (state = 'running' and lease_until < now()))"
                                + (inOrder
                                        ? " and not exists (select from facestream.training_command older where older.kind = any (?)"
                                                + " and older.state in ('queued', 'running') and (older.created_at, older.id)"
                                                + " < (training_command.created_at, training_command.id))"
                                        : "")
                                + " order by created_at, id limit 1 for update skip locked)"
                                + " returning c.id, c.kind, c.command, c.end_offsets, c.created_at, c.attempts")) {
            claim.setString(1, owner);
            claim.setDouble(2, lease.toMillis() / 1e3);
            claim.setArray(3, connection.createArrayOf("text", kinds.toArray()));
            if (inOrder) {
                claim.setArray(4, connection.createArrayOf("text", kinds.toArray()));
            }
            try (ResultSet row = claim.executeQuery()) {
                return row.next() ? claimed(row) : Optional.empty();
            }
        }
    }

    /** Empty where it cannot be read, and has been ended. */
    private Optional<Claimed> claimed(ResultSet row) throws SQLException {
        UUID id = row.getObject("id", UUID.class);
        try {
            return Optional.of(new Claimed(
                    TrainingCommand.read(row.getString("command").getBytes(UTF_8)),
                    Json.read(row.getString("end_offsets").getBytes(UTF_8), Ends.class)
                            .topics(),
                    row.getObject("created_at", OffsetDateTime.class).toInstant(),
                    row.getInt("attempts")));
        } catch (RejectedException | IllegalArgumentException e) {
            // Of another build, which allowed what this one does not.
            TrainingProgress end = TrainingProgress.unreadable(id, row.getString("kind"), e.getMessage());
            finish(id, end);
            LOG.warnf("training command %s cannot be read: %s", id, end.message());
            return Optional.empty();
        }
    }

    /**
     * Keeps a command.
     *
     * @return whether somebody asked for it to be cancelled
     * @throws LeaseLostException if it is another worker's
     */
    public boolean renew(UUID command) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement renew = connection.prepareStatement("update facestream.training_command"
                        + " set lease_until = now() + make_interval(secs => ?) where id = ? and state = 'running'"
                        + " and lease_owner = ? returning cancel_requested")) {
            renew.setDouble(1, lease.toMillis() / 1e3);
            renew.setObject(2, command);
            renew.setString(3, owner);
            try (ResultSet row = renew.executeQuery()) {
                if (!row.next()) {
                    throw new LeaseLostException(command);
                }
                return row.getBoolean(1);
            }
        }
    }

    /** Lets a command go, for whoever is there next: this worker is stopping, which is no fault of the command's. */
    public void release(UUID command) throws SQLException {
        update(
                "update facestream.training_command set lease_until = now() - interval '1 second',"
                        + " attempts = attempts - 1"
                        + " where id = ? and state = 'running' and lease_owner = ?",
                command,
                owner);
    }

    /**
     * Writes a command's end, and what is to be said of it; its checkpoints go.
     *
     * @throws LeaseLostException if it is another worker's
     */
    public void finish(UUID command, TrainingProgress result) throws SQLException {
        inTransaction(connection -> {
            int finished = update(
                    connection,
                    "update facestream.training_command set state = ?, result = ?::jsonb, lease_owner = null,"
                            + " lease_until = null, updated_at = now()"
                            + " where id = ? and state = 'running' and lease_owner = ?",
                    result.state().label(),
                    new String(Json.write(result), UTF_8),
                    command,
                    owner);
            if (finished == 0) {
                throw new LeaseLostException(command);
            }
            update(connection, "delete from facestream.training_checkpoint where command_id = ?", command);
        });
    }

    /** Ends that {@code training-progress} may not have yet, oldest first. */
    public List<Result> unannounced() throws SQLException {
        List<Result> results = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select id, result from facestream.training_command"
                                + " where result is not null and not announced order by updated_at, id limit 100");
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                results.add(new Result(
                        rows.getObject("id", UUID.class),
                        rows.getString("result").getBytes(UTF_8)));
            }
        }
        return results;
    }

    public void announced(UUID command) throws SQLException {
        update("update facestream.training_command set announced = true where id = ?", command);
    }

    /**
     * Writes the state after an epoch; the last {@value #KEPT_CHECKPOINTS} are kept.
     *
     * @param epochs what came of all epochs so far
     * @throws LeaseLostException if the command is another worker's
     */
    public void checkpoint(UUID command, List<ModelMetrics.Epoch> epochs, byte[] state) throws SQLException {
        int epoch = epochs.size();
        inTransaction(connection -> {
            int held = update(
                    connection,
                    "update facestream.training_command set epochs = ?::jsonb, attempts = 1, updated_at = now()"
                            + " where id = ? and state = 'running' and lease_owner = ?",
                    new String(Json.write(new Epochs(epochs)), UTF_8),
                    command,
                    owner);
            if (held == 0) {
                throw new LeaseLostException(command);
            }
            update(
                    connection,
                    "delete from facestream.training_checkpoint where command_id = ? and (epoch >= ? or epoch <= ?)",
                    command,
                    epoch,
                    epoch - KEPT_CHECKPOINTS);
            for (int piece = 0; (long) piece * PIECE < state.length; piece++) {
                update(
                        connection,
                        "insert into facestream.training_checkpoint (command_id, epoch, piece, content)"
                                + " values (?, ?, ?, ?)",
                        command,
                        epoch,
                        piece,
                        Arrays.copyOfRange(state, piece * PIECE, Math.min(state.length, (piece + 1) * PIECE)));
            }
        });
    }

    /** The latest checkpoint; empty where there is none. */
    public Optional<byte[]> latestCheckpoint(UUID command) throws SQLException {
        ByteArrayOutputStream state = new ByteArrayOutputStream();
        // Outside a transaction the driver would fetch all pieces at once.
        inTransaction(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "select content from facestream.training_checkpoint where command_id = ? and epoch ="
                            + " (select max(epoch) from facestream.training_checkpoint where command_id = ?) order by piece")) {
                select.setObject(1, command);
                select.setObject(2, command);
                select.setFetchSize(1);
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        state.writeBytes(rows.getBytes(1));
                    }
                }
            }
        });
        return state.size() == 0 ? Optional.empty() : Optional.of(state.toByteArray());
    }

    /** What came of the epochs up to the latest checkpoint. */
    public List<ModelMetrics.Epoch> epochs(UUID command) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select epochs from facestream.training_command where id = ? and epochs <> '[]'")) {
            select.setObject(1, command);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Json.read(row.getString(1).getBytes(UTF_8), Epochs.class)
                                .epochs()
                        : List.of();
            } catch (RejectedException e) {
                throw new IllegalStateException("the stored epochs of " + command + " are broken", e);
            }
        }
    }

    /**
     * The version that a command is about, as it was found first: asked again after a crash, the answer may be another.
     *
     * @param found to be noted, if nothing has been; null to ask only
     * @return what is noted; null if nothing is
     */
    public String version(UUID command, String found) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement note = connection.prepareStatement("update facestream.training_command"
                        + " set version = coalesce(version, ?) where id = ? and lease_owner = ? returning version")) {
            note.setString(1, found);
            note.setObject(2, command);
            note.setString(3, owner);
            try (ResultSet row = note.executeQuery()) {
                if (!row.next()) {
                    throw new LeaseLostException(command);
                }
                return row.getString(1);
            }
        }
    }

    /** Notes whom a command's network is trained on. */
    public void trainedOn(UUID command, Collection<String> names) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement note = connection.prepareStatement("select facestream.note_trained_on(?, ?)")) {
            note.setObject(1, command);
            note.setArray(
                    2,
                    connection.createArrayOf(
                            "bytea", names.stream().map(NameHash::of).toArray(byte[][]::new)));
            note.execute();
        }
    }

    /** How many of those whom a command's network is trained on have been erased. */
    public long erasedMeanwhile(UUID command) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("select facestream.erased_of_command(?)")) {
            select.setObject(1, command);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /**
     * Notes why a command's candidate is not to be promoted by itself, before there is one.
     *
     * @param objection null if it is to be
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

    /** Why a command's candidate is not to be promoted by itself; empty if it is to be. */
    public Optional<String> objection(UUID command) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select objection from facestream.training_command where id = ?")) {
            select.setObject(1, command);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
            }
        }
    }

    private interface Work {
        void in(Connection connection) throws SQLException;
    }

    private void inTransaction(Work work) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                work.in(connection);
                connection.commit();
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    private int update(String sql, Object... arguments) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return update(connection, sql, arguments);
        }
    }

    private static int update(Connection connection, String sql, Object... arguments) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            return statement.executeUpdate();
        }
    }
}
