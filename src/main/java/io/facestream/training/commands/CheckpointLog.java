package io.facestream.training.commands;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.database.Sql;
import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import io.facestream.models.ModelMetrics;
import java.io.ByteArrayOutputStream;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * The states of trainings after their epochs, in PostgreSQL. The next holder of the lease continues from the latest.
 */
public class CheckpointLog {
    /** One piece of a checkpoint: a row of moderate size. */
    private static final int PIECE = 4 << 20;

    private static final int KEPT_CHECKPOINTS = 2;

    private final DataSource dataSource;
    private final String owner;

    /** @param owner of the leases under which checkpoints are written */
    public CheckpointLog(DataSource dataSource, String owner) {
        this.dataSource = dataSource;
        this.owner = owner;
    }

    private record Epochs(List<ModelMetrics.Epoch> epochs) {}

    /**
     * Writes the state after an epoch; the last {@value #KEPT_CHECKPOINTS} are kept.
     *
     * @param epochs figures of all epochs so far
     * @throws LeaseLostException if the command is another worker's
     */
    public void write(UUID command, List<ModelMetrics.Epoch> epochs, byte[] state) throws SQLException {
        int epoch = epochs.size();
        Sql.inTransaction(dataSource, sql -> {
            int held = sql.execute(
                    "update facestream.training_command set epochs = ?::jsonb, attempts = 1, updated_at = now()"
                            + " where id = ? and state = 'running' and lease_owner = ?",
                    new String(Json.write(new Epochs(epochs)), UTF_8),
                    command,
                    owner);
            if (held == 0) {
                throw new LeaseLostException(command);
            }
            sql.execute(
                    "delete from facestream.training_checkpoint where command_id = ? and (epoch >= ? or epoch <= ?)",
                    command,
                    epoch,
                    epoch - KEPT_CHECKPOINTS);
            for (int piece = 0; (long) piece * PIECE < state.length; piece++) {
                sql.execute(
                        "insert into facestream.training_checkpoint (command_id, epoch, piece, content)"
                                + " values (?, ?, ?, ?)",
                        command,
                        epoch,
                        piece,
                        Arrays.copyOfRange(state, piece * PIECE, Math.min(state.length, (piece + 1) * PIECE)));
            }
            return null;
        });
    }

    /** The latest checkpoint; empty before the first. */
    public Optional<byte[]> latest(UUID command) throws SQLException {
        ByteArrayOutputStream state = new ByteArrayOutputStream();
        // Outside a transaction the driver would fetch all pieces at once.
        Sql.reading(dataSource, sql -> {
            sql.each(
                    1,
                    "select content from facestream.training_checkpoint where command_id = ? and epoch ="
                            + " (select max(epoch) from facestream.training_checkpoint where command_id = ?)"
                            + " order by piece",
                    row -> state.writeBytes(row.getBytes(1)),
                    command,
                    command);
            return null;
        });
        return state.size() == 0 ? Optional.empty() : Optional.of(state.toByteArray());
    }

    /** The figures of the epochs up to the latest checkpoint. */
    public List<ModelMetrics.Epoch> epochs(UUID command) throws SQLException {
        Optional<String> epochs = Sql.on(
                dataSource,
                sql -> sql.first(
                        "select epochs from facestream.training_command where id = ? and epochs <> '[]'",
                        row -> row.getString(1),
                        command));
        try {
            return epochs.isEmpty()
                    ? List.of()
                    : Json.read(epochs.get().getBytes(UTF_8), Epochs.class).epochs();
        } catch (RejectedException e) {
            throw new IllegalStateException("the stored epochs of " + command + " are broken", e);
        }
    }
}
