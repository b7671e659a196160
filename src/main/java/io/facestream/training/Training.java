package io.facestream.training;

import io.facestream.training.commands.EpochReport;
import io.facestream.training.commands.TrainingSettings;
import io.facestream.training.data.ChipStore;
import io.facestream.training.data.TrainingSet;
import java.io.IOException;
import java.util.Optional;

/** What {@link FineTuning} needs of a training under way; {@link Trainer} says what the methods do. */
interface Training extends AutoCloseable {
    /** Starts a training before its first epoch. */
    interface Start {
        Training begin(TrainingSettings settings, Optional<byte[]> base, ChipStore chips, TrainingSet set);
    }

    void resume(byte[] checkpoint);

    byte[] checkpoint();

    int epochsDone();

    Optional<TrainingEnd> end();

    Optional<EpochReport> runEpoch(Trainer.Listener listener) throws IOException;

    byte[] savedModel();

    @Override
    void close();
}
