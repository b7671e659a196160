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
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * Works off training commands: one thread trains, another promotes and rolls back meanwhile, for those are not to wait an hour.
 * What a command itself is to blame for ends it; an outage leaves it to be claimed again, from its last checkpoint.
 */
final class TrainingWorker implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(TrainingWorker.class);

    /** For all threads together, so that the process ends before its supervisor kills it. */
    private static final Duration END = Duration.ofSeconds(15);

    /** For the news that are still on their way, before an end that must not overtake them. */
    private static final Duration NEWS_FIRST = Duration.ofSeconds(10);

    /** A command that has brought down so many workers would bring down the next. */
    private static final int MOST_ATTEMPTS = 5;

    private final CommandLog log;
    private final FineTuning fineTuning;
    private final ModelReleases releases;
    private final Telling telling;
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

    /** Where news goes. */
    interface Telling {
        /**
         * Sends news of a running command, in the order in which they are told.
         *
         * @return done once the broker has them, failed if it has not taken them
         * @throws IllegalStateException if no more can wait to be sent
         */
        CompletionStage<Void> tell(TrainingProgress progress);

        /**
         * Tells of a command's end.
         *
         * @return false where the broker refuses this message, and would again
         * @throws KafkaException if it was not taken for another reason: to be tried again
         */
        boolean announce(UUID command, byte[] progress);
    }

    TrainingWorker(
            CommandLog log, FineTuning fineTuning, ModelReleases releases, Telling telling, TrainingConfig config) {
        this.log = log;
        this.fineTuning = fineTuning;
        this.releases = releases;
        this.telling = telling;
        this.interval = config.interval();
        this.lease = config.lease();
        this.threads = List.of(
                background("training", () -> work(List.of(TrainingCommand.FINE_TUNE), false)),
                background(
                        "training-releases",
                        () -> work(List.of(TrainingCommand.PROMOTE, TrainingCommand.ROLL_BACK), true)),
                thread("training-answers", this::announceEnds));
    }

    /** A turn of a thread: whether there was something to do. */
    private interface Turn {
        boolean take() throws SQLException;
    }

    private Thread thread(String name, Turn turn) {
        return VitalThread.of(name, () -> repeat(turn));
    }

    /** One that runs networks for hours. */
    private Thread background(String name, Turn turn) {
        return VitalThread.of(name, () -> {
            BackgroundWork.giveWay();
            repeat(turn);
        });
    }

    void start() {
        heartbeat.execute(() -> {}); // from here: started by a thread that gives way, it would too
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
            if (!telling.announce(result.command(), result.progress())
                    && !telling.announce(result.command(), shortened(result))) {
                LOG.warnf(
                        "the end of training command %s cannot be published: the broker refuses it; it is in"
                                + " facestream.training_command",
                        result.command());
            }
            log.announced(result.command());
        }
        return false;
    }

    /** Of an earlier build, maybe, which repeated whatever a command held. */
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
        Control control = new Control(id, telling::tell);
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

    /** Runs a command to its end, whatever that is. */
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

    /** What a user or an operator can mend is one line. */
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

    /** Where a roll-back leads: once it is done, and comes again after a crash, the registry would say something else. */
    private String predecessor(UUID command) throws SQLException {
        String noted = log.version(command, null);
        return noted == null ? log.version(command, releases.predecessor()) : noted;
    }

    /** Lets go of what is being done, at the next batch; another worker goes on with it. */
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
