package io.facestream.training;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Trains one network on one training set, epoch by epoch. The same settings, base weights and training set give the same network,
 * within the noise of floating-point sums whose order threads decide. For one thread at a time.
 */
public final class Trainer implements AutoCloseable {
    /** Watches an epoch. */
    @FunctionalInterface
    public interface Listener {
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

    /** The end of a run, and what there is to say about it. */
    public record End(EndReason reason, String message) {}

    private Trainer() {}

    /**
     * Starts a run before its first epoch.
     *
     * @param base zipped SavedModel of a version of the same architecture; empty for random weights, which only {@link
     *     Architecture#RESNET50} can start from
     * @param chips to be closed after the trainer, by the caller
     * @throws IllegalArgumentException if the base is no network of the architecture, or there is none where one is needed
     */
    public static Trainer start(TrainingSettings settings, Optional<byte[]> base, ChipStore chips, TrainingSet set) {
        throw new UnsupportedOperationException();
    }

    /**
     * Goes back to where a run with the same settings, base and set was when it wrote a checkpoint.
     *
     * @throws IllegalArgumentException if it is the checkpoint of another network or seed, or damaged
     */
    public void resume(byte[] checkpoint) {
        throw new UnsupportedOperationException();
    }

    /** How many epochs are done. */
    public int epochsDone() {
        throw new UnsupportedOperationException();
    }

    /** Why there is no further epoch; empty while there is. */
    public Optional<End> end() {
        throw new UnsupportedOperationException();
    }

    /**
     * Trains for an epoch; {@link #end()} says whether another one follows.
     *
     * @return empty if the listener gave it up; the weights are then those of a step in mid-epoch
     * @throws IOException if chips could not be read
     * @throws IllegalStateException if the run has ended
     */
    public Optional<EpochReport> runEpoch(Listener listener) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** All of the run's state between two epochs. */
    public byte[] checkpoint() {
        throw new UnsupportedOperationException();
    }

    /**
     * The unit vectors of chips as they are, in their order, under the weights as {@link #savedModel()} has them.
     *
     * @param indexes in the store
     */
    public float[][] embed(List<Integer> indexes) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** The network as trained so far: a zipped SavedModel that {@code FaceEmbedder} takes. */
    public byte[] savedModel() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
