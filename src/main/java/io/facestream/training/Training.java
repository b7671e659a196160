package io.facestream.training;

import io.facestream.training.commands.EndReason;
import io.facestream.training.commands.EpochReport;
import io.facestream.training.commands.TrainingSettings;
import io.facestream.training.data.ChipStore;
import io.facestream.training.data.TrainingSet;
import java.io.IOException;
import java.util.Optional;

/** A training under way, epoch by epoch; {@code Trainer} says what the methods do. */
interface Training extends AutoCloseable {
    /** Starts a training before its first epoch. */
    interface Start {
        Training begin(
                TrainingSettings settings,
                Optional<byte[]> base,
                Optional<byte[]> teacher,
                ChipStore chips,
                TrainingSet set);
    }

    /** Watches an epoch. */
    @FunctionalInterface
    interface Listener {
        /**
         * Called after each batch.
         *
         * @param done batches of this epoch
         * @param all that it will have
         * @param loss of this batch
         * @return whether to go on; if not, the epoch is given up and the run ends as {@link EndReason#CANCELLED}
         */
        boolean step(int done, int all, double loss);
    }

    void resume(byte[] checkpoint);

    byte[] checkpoint();

    int epochsDone();

    Optional<TrainingEnd> end();

    Optional<EpochReport> runEpoch(Listener listener) throws IOException;

    byte[] savedModel() throws IOException;

    @Override
    void close();
}
