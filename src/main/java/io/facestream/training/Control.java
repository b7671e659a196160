package io.facestream.training;

import io.facestream.database.Refusal;
import io.facestream.training.commands.LeaseLostException;
import io.facestream.training.commands.TrainingProgress;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jboss.logging.Logger;

/** What a worker at its command hears from outside, and tells it. Written by one thread, read by another. */
final class Control {
    private static final Logger LOG = Logger.getLogger(Control.class);

    /** Between two looks at whether the command is still to be worked on. */
    private static final Duration LOOK = Duration.ofMillis(200);

    /** Between two tries to tell what must be told. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final UUID command;
    private final Function<TrainingProgress, CompletionStage<Void>> progress;
    private CompletableFuture<Void> lastTold = CompletableFuture.completedFuture(null);
    private Class<?> lastFailure;
    private volatile boolean cancelled;
    private volatile boolean lost;
    private volatile boolean stopping;

    /**
     * @param progress told what is going on, in order; what it gives back is done once the broker has it, and failed where it has not
     *     taken it
     */
    Control(UUID command, Function<TrainingProgress, CompletionStage<Void>> progress) {
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

    /** Tells news, of which the next follow soon: once, and without waiting. */
    void tell(TrainingProgress news) {
        begin(news).whenComplete((done, failure) -> note(failure));
    }

    /**
     * Tells what must not be missing: until the broker has it, however long it is away.
     *
     * @throws LeaseLostException if another worker has the command
     * @throws StoppingException if the process is stopping
     * @throws CancelledException if it is cancelled
     */
    void tellSurely(TrainingProgress news) {
        while (true) {
            try {
                await(begin(news));
                note(null);
                return;
            } catch (ExecutionException e) {
                note(e.getCause());
                if (ProgressTopic.isRefusal(ProgressTopic.reason(e.getCause()))) {
                    return;
                }
            }
            pause();
        }
    }

    private CompletableFuture<Void> begin(TrainingProgress news) {
        try {
            lastTold = progress.apply(news).toCompletableFuture();
        } catch (IllegalStateException e) {
            // The channel holds as many as it may, or there is none any more.
            return CompletableFuture.failedFuture(e);
        }
        return lastTold;
    }

    /** Says of each kind of failure once that it is there, until the broker takes news again. */
    private synchronized void note(Throwable failure) {
        if (failure == null) {
            lastFailure = null;
            return;
        }
        Throwable reason = ProgressTopic.reason(failure);
        if (reason.getClass() != lastFailure) {
            LOG.warnf("progress of %s was not published: %s", command, Refusal.oneLine(reason));
            lastFailure = reason.getClass();
        }
    }

    private void await(CompletableFuture<Void> told) throws ExecutionException {
        while (true) {
            try {
                told.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                check();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StoppingException();
            }
        }
    }

    private void pause() {
        long end = System.nanoTime() + PAUSE.toNanos();
        while (System.nanoTime() < end) {
            check();
            try {
                Thread.sleep(LOOK.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StoppingException();
            }
        }
    }

    /** Waits until the broker has what was told, or will not have it; for so long at most. */
    void awaitTold(Duration atMost) {
        try {
            lastTold.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debugf("the last news of %s are not with the broker: %s", command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
