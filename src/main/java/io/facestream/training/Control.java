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

/** The signals to a worker at its command, and the news it publishes. One thread writes, another reads. */
final class Control {
    private static final Logger LOG = Logger.getLogger(Control.class);

    /** Interval of checks whether to go on with the command. */
    private static final Duration LOOK = Duration.ofMillis(200);

    /** Pause before publishing is tried again. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final UUID command;
    private final Function<TrainingProgress, CompletionStage<Void>> progress;
    private CompletableFuture<Void> lastTold = CompletableFuture.completedFuture(null);
    private Class<?> lastFailure;
    private volatile boolean cancelled;
    private volatile boolean lost;
    private volatile boolean stopping;

    /**
     * @param progress publishes news in order; its result completes once the broker has the news, and fails if the
     *     broker has not taken it
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

    /** Publishes news once and without waiting, since the next will follow soon. */
    void publish(TrainingProgress news) {
        begin(news).whenComplete((done, failure) -> note(failure));
    }

    /**
     * Publishes news that must arrive: waits until the broker has it, however long that takes.
     *
     * @throws LeaseLostException if another worker has the command
     * @throws StoppingException if the process is stopping
     * @throws CancelledException if it is cancelled
     */
    void publishReliably(TrainingProgress news) {
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
            // The channel's buffer is full, or the channel has ended.
            return CompletableFuture.failedFuture(e);
        }
        return lastTold;
    }

    /** Logs each kind of failure once, until the broker takes news again. */
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

    /** Waits until the broker has taken or refused the last news, for at most this long. */
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
     * Long work calls this often.
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
