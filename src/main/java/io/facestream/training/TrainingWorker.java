package io.facestream.training;

import io.facestream.database.Refusal;
import io.facestream.gallery.ModelReleases;
import io.facestream.gallery.ReembeddingProgress;
import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import io.facestream.models.BackgroundWork;
import io.facestream.models.ModelVersion;
import io.facestream.stages.VitalThread;
import io.facestream.training.Control.CancelledException;
import io.facestream.training.Control.StoppingException;
import io.facestream.training.commands.CommandLog;
import io.facestream.training.commands.CommandLog.Claimed;
import io.facestream.training.commands.CommandLog.Result;
import io.facestream.training.commands.FineTune;
import io.facestream.training.commands.LeaseLostException;
import io.facestream.training.commands.TrainingCommand;
import io.facestream.training.commands.TrainingProgress;
import io.facestream.training.commands.TrainingProgress.Phase;
import io.facestream.training.commands.TrainingProgress.State;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * Executes training commands. One thread trains; another promotes and rolls back, so that these do not wait for a
 * training. A fault of the command ends it. After an outage it is claimed again, and continues from its last
 * checkpoint.
 */
final class TrainingWorker implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(TrainingWorker.class);

    /** For all threads together, so that the process ends before a supervisor kills it. */
    private static final Duration END = Duration.ofSeconds(15);

    /** How long an end waits for earlier news, which it must not overtake. */
    private static final Duration NEWS_FIRST = Duration.ofSeconds(10);

    /** A command that ended so many workers would end the next one, too. */
    private static final int MOST_ATTEMPTS = 5;

    private final CommandLog log;
    private final FineTuning fineTuning;
    private final ModelReleases releases;
    private final ProgressPublisher publisher;
    private final Duration interval;
    private final Duration lease;
    private final ScheduledExecutorService heartbeat = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "training-lease");
        thread.setDaemon(true);
        return thread;
    });
    private final List<Thread> threads;
    private final Set<Control> running = ConcurrentHashMap.newKeySet();
    private final CountDownLatch stopping = new CountDownLatch(1);

    TrainingWorker(
            CommandLog log,
            FineTuning fineTuning,
            ModelReleases releases,
            ProgressPublisher publisher,
            TrainingConfig config) {
        this.log = log;
        this.fineTuning = fineTuning;
        this.releases = releases;
        this.publisher = publisher;
        this.interval = config.interval();
        this.lease = config.lease();
        this.threads = List.of(
                background("training", () -> work(List.of(TrainingCommand.FINE_TUNE), false)),
                background(
                        "training-releases",
                        () -> work(List.of(TrainingCommand.PROMOTE, TrainingCommand.ROLL_BACK), true)),
                thread("training-answers", this::announceEnds));
    }

    /** One turn of a thread; returns whether there was work. */
    private interface Turn {
        boolean take() throws SQLException;
    }

    private Thread thread(String name, Turn turn) {
        return VitalThread.of(name, () -> repeat(turn));
    }

    /** The thread that runs networks for hours. */
    private Thread background(String name, Turn turn) {
        return VitalThread.of(name, () -> {
            BackgroundWork.giveWay();
            repeat(turn);
        });
    }

    void start() {
        heartbeat.execute(() -> {}); // started here: a thread inherits the priority of the one that starts it
        threads.forEach(Thread::start);
    }

    private void repeat(Turn turn) {
        while (stopping.getCount() > 0) {
            try {
                if (turn.take()) {
                    continue;
                }
            } catch (SQLException | KafkaException e) {
                LOG.warnf("training commands are tried again in %d ms: %s", interval.toMillis(), Refusal.oneLine(e));
            } catch (RuntimeException | LinkageError | AssertionError e) {
                LOG.error("a training command could not be worked on", e);
            }
            try {
                if (stopping.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private boolean announceEnds() throws SQLException {
        for (Result result : log.unannounced()) {
            if (!publisher.announce(result.command(), result.progress())
                    && !publisher.announce(result.command(), shortened(result))) {
                LOG.warnf(
                        "the end of training command %s cannot be published: the broker refuses it; it is in"
                                + " facestream.training_command",
                        result.command());
            }
            log.announced(result.command());
        }
        return false;
    }

    /** An end may come from an earlier build, which repeated a command at any length. */
    private static byte[] shortened(Result result) {
        try {
            return Json.write(
                    Json.read(result.progress(), TrainingProgress.class).shortened());
        } catch (RejectedException e) {
            return Json.write(TrainingProgress.unreadable(result.command(), null, "its end cannot be read"));
        }
    }

    private boolean work(List<String> kinds, boolean inOrder) throws SQLException {
        Optional<Claimed> claimed = log.claim(kinds, inOrder);
        if (claimed.isEmpty()) {
            return false;
        }
        UUID id = claimed.get().command().commandId();
        Control control = new Control(id, publisher::publish);
        running.add(control);
        ScheduledFuture<?> beat = heartbeat.scheduleWithFixedDelay(
                () -> keep(control), lease.toMillis() / 3, lease.toMillis() / 3, TimeUnit.MILLISECONDS);
        try {
            TrainingProgress end = end(claimed.get(), control);
            control.awaitTold(NEWS_FIRST);
            log.finish(id, end);
        } catch (StoppingException e) {
            log.release(id);
        } catch (LeaseLostException e) {
            LOG.warn(e.getMessage());
        } finally {
            beat.cancel(false);
            running.remove(control);
        }
        return true;
    }

    private void keep(Control control) {
        try {
            if (log.renew(control.command())) {
                control.cancel();
            }
        } catch (LeaseLostException e) {
            control.lose();
        } catch (SQLException | RuntimeException e) {
            LOG.warnf("the lease of command %s could not be renewed: %s", control.command(), Refusal.oneLine(e));
        }
    }

    /** Runs a command until it has ended, in whatever state. */
    private TrainingProgress end(Claimed claimed, Control control) throws SQLException {
        TrainingCommand command = claimed.command();
        if (claimed.attempt() > MOST_ATTEMPTS) {
            return TrainingProgress.of(
                    command,
                    State.FAILED,
                    "given up: " + MOST_ATTEMPTS + " workers began it, and none of them came to an end");
        }
        try {
            if (command instanceof FineTune) {
                try {
                    return fineTuning.run(claimed, control);
                } finally {
                    BackgroundWork.returnMemory();
                }
            }
            return switchOver(command, control);
        } catch (CancelledException e) {
            fineTuning.discard(command);
            return TrainingProgress.of(command, State.CANCELLED, "cancelled; the active model is as it was");
        } catch (StoppingException | LeaseLostException | KafkaException e) {
            throw e;
        } catch (IOException e) {
            return failed(command, e, e.getMessage());
        } catch (IllegalArgumentException | IllegalStateException e) {
            return failed(command, e, e.getMessage());
        } catch (RuntimeException e) {
            LOG.errorf(e, "training command %s failed", command.commandId());
            return TrainingProgress.of(command, State.FAILED, "failed: " + e);
        }
    }

    /** Faults that a user or operator can fix are logged in one line. */
    private static TrainingProgress failed(TrainingCommand command, Exception failure, String why) {
        TrainingProgress end = TrainingProgress.of(command, State.FAILED, why);
        LOG.warnf("training command %s failed: %s", command.commandId(), end.message());
        LOG.debug("failed", failure);
        return end;
    }

    private TrainingProgress switchOver(TrainingCommand command, Control control) throws SQLException {
        ReembeddingProgress progress = FineTuning.embedding(command, control, Phase.PROMOTING);
        ModelVersion active = command instanceof TrainingCommand.Promote promote
                ? releases.promote(promote.version(), progress)
                : releases.rollBackTo(predecessor(command.commandId()), progress);
        return TrainingProgress.of(command, State.DONE, active.version() + " is the active version")
                .with((TrainingProgress.Outcome) null, active.version(), null);
    }

    /** The target of a roll-back. It is stored first: after a crash the registry may already name another. */
    private String predecessor(UUID command) throws SQLException {
        String noted = log.version(command, null);
        return noted == null ? log.version(command, releases.predecessor()) : noted;
    }

    /** Stops at the next batch. Another worker continues the command. */
    @Override
    public void close() {
        stopping.countDown();
        running.forEach(Control::stop);
        long deadline = System.nanoTime() + END.toNanos();
        for (Thread thread : threads) {
            try {
                TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1_000_000, deadline - System.nanoTime()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        heartbeat.shutdownNow();
    }
}
