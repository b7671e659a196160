package io.facestream.training;

import io.facestream.training.commands.LeaseLostException;
import io.facestream.training.commands.TrainingProgress;
import java.util.UUID;
import java.util.function.Consumer;

/** What a worker at its command hears from outside, and tells it. Written by one thread, read by another. */
final class Control {
    private final UUID command;
    private final Consumer<TrainingProgress> progress;
    private volatile boolean cancelled;
    private volatile boolean lost;
    private volatile boolean stopping;

    /** @param progress told what is going on */
    Control(UUID command, Consumer<TrainingProgress> progress) {
        this.command = command;
        this.progress = progress;
    }

    /** Thrown where the process is stopping: the command is for the next worker. */
    static final class StoppingException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StoppingException() {
            super("the worker is stopping");
        }
    }

    /** Thrown where somebody asked for the command to be cancelled. */
    static final class CancelledException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        CancelledException() {
            super("cancelled");
        }
    }

    UUID command() {
        return command;
    }

    void tell(TrainingProgress news) {
        progress.accept(news);
    }

    void cancel() {
        cancelled = true;
    }

    void lose() {
        lost = true;
    }

    void stop() {
        stopping = true;
    }

    /**
     * To be called often by long work.
     *
     * @throws LeaseLostException if another worker has the command
     * @throws StoppingException if the process is stopping
     * @throws CancelledException if it is cancelled
     */
    void check() {
        if (lost) {
            throw new LeaseLostException(command);
        }
        if (stopping) {
            throw new StoppingException();
        }
        if (cancelled) {
            throw new CancelledException();
        }
    }
}
