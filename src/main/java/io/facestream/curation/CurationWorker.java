package io.facestream.curation;

import io.facestream.curation.CommandStore.Answer;
import io.facestream.curation.CommandStore.Claimed;
import io.facestream.curation.CommandStore.LeaseLostException;
import io.facestream.curation.message.GalleryCommand;
import io.facestream.curation.message.GalleryCommand.KeepStranger;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.database.Refusal;
import io.facestream.database.Sql;
import io.facestream.database.WrittenRows;
import io.facestream.gallery.GallerySchema;
import io.facestream.messaging.RejectedException;
import io.facestream.stages.VitalThread;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jboss.logging.Logger;
import org.postgresql.util.ServerErrorMessage;

/**
 * Does gallery commands, one after another, each in one transaction with its answer, publishes the answers, and
 * verifies erasures. After an outage all of it is tried again.
 */
final class CurationWorker implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(CurationWorker.class);

    /** For all threads together, so that the process ends before a supervisor kills it. */
    private static final Duration END = Duration.ofSeconds(15);

    private static final Duration EXPIRY_INTERVAL = Duration.ofMinutes(10);

    private static final Duration UPKEEP_INTERVAL = Duration.ofMinutes(1);

    /** How soon an erasure is looked at whose turn it is. */
    private static final Duration VERIFICATION_INTERVAL = Duration.ofSeconds(5);

    /** A command that ended so many workers would end the next one, too. */
    private static final int MOST_ATTEMPTS = 5;

    private final DataSource dataSource;
    private final CommandStore store;
    private final CommandFaces faces;
    private final Publisher publisher;
    private final Verification verification;
    private final CurationConfig config;
    private final Duration negativesKept;
    private final CurationMetrics metrics;
    private final StrangerKeeping strangers;
    private final Semaphore commands = new Semaphore(0);
    private final Semaphore answers = new Semaphore(0);
    private final Semaphore erasures = new Semaphore(0);
    private final List<Thread> threads;
    private volatile boolean running = true;
    private long expiredAt = System.nanoTime();
    private long keptUpAt = System.nanoTime() - UPKEEP_INTERVAL.toNanos();

    CurationWorker(
            DataSource dataSource,
            CommandStore store,
            CommandFaces faces,
            Publisher publisher,
            Verification verification,
            CurationConfig config,
            Duration negativesKept,
            CurationMetrics metrics,
            StrangerKeeping strangers) {
        this.dataSource = dataSource;
        this.store = store;
        this.faces = faces;
        this.publisher = publisher;
        this.verification = verification;
        this.config = config;
        this.negativesKept = negativesKept;
        this.metrics = metrics;
        this.strangers = strangers;
        threads = List.of(
                VitalThread.of("curation", () -> repeat(commands, config.interval(), this::work)),
                VitalThread.of("curation-answers", () -> repeat(answers, config.interval(), this::announce)),
                VitalThread.of("curation-erasures", () -> repeat(erasures, VERIFICATION_INTERVAL, verification::look)));
    }

    /** One turn of a thread; returns whether there may be more to do. */
    private interface Turn {
        boolean take() throws SQLException;
    }

    void start() {
        threads.forEach(Thread::start);
    }

    /** Commands were stored. */
    void wake() {
        commands.release();
        answers.release();
    }

    private void repeat(Semaphore nudges, Duration pause, Turn turn) {
        try {
            while (running) {
                boolean more = false;
                try {
                    more = turn.take();
                } catch (SQLException | KafkaException e) {
                    LOG.warnf("gallery commands are tried again soon: %s", Refusal.oneLine(e));
                    nudges.tryAcquire(1, TimeUnit.SECONDS);
                }
                if (!more && running) {
                    nudges.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
                    nudges.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Does the next command. */
    boolean work() throws SQLException {
        Optional<Claimed> claimed = store.claim();
        if (claimed.isEmpty()) {
            keepUp();
            return false;
        }
        try {
            end(claimed.get());
        } catch (LeaseLostException e) {
            LOG.warn(e.getMessage());
        }
        answers.release();
        return true;
    }

    private void keepUp() throws SQLException {
        if (System.nanoTime() - keptUpAt >= UPKEEP_INTERVAL.toNanos()) {
            keptUpAt = System.nanoTime();
            strangers.upkeep(dataSource);
        }
    }

    private void end(Claimed claimed) throws SQLException, LeaseLostException {
        String id = claimed.id().toString();
        GalleryEvent ended;
        if (claimed.attempt() > MOST_ATTEMPTS) {
            ended = GalleryEvent.failed(
                    id,
                    claimed.kind(),
                    "given up after " + MOST_ATTEMPTS + " attempts: the log of the role has the reason");
        } else {
            try {
                GalleryCommand command = GalleryCommand.read(claimed.json());
                strangers.check(command);
                if (command instanceof KeepStranger keep) {
                    while (!keep(claimed, keep)) {
                        // Model versions have changed while the faces were embedded.
                    }
                } else {
                    make(claimed, command, faces.of(command));
                }
                metrics.ended(GalleryEvent.State.DONE);
                return;
            } catch (RejectedException | IllegalArgumentException e) {
                // Another build stored it, which allowed what this one does not.
                ended = GalleryEvent.failed(id, claimed.kind(), e.getMessage());
            } catch (RefusedException e) {
                ended = GalleryEvent.rejected(id, claimed.kind(), e.reason(), e.getMessage());
            } catch (AuthorizationException e) {
                ended = GalleryEvent.failed(
                        id, claimed.kind(), "the role may not read chips, as kafka-acls.sh grants: " + e.getMessage());
            } catch (KafkaException e) {
                store.postpone(claimed.id());
                throw e;
            } catch (SQLException e) {
                ended = refusal(claimed, e);
            }
        }
        if (ended.state() == GalleryEvent.State.FAILED) {
            LOG.warnf("gallery command %s failed: %s", id, ended.message());
        }
        GalleryEvent answer = ended;
        Sql.inTransaction(dataSource, sql -> {
            store.end(sql, claimed.id(), answer);
            return null;
        });
        metrics.ended(answer.state());
    }

    private void make(Claimed claimed, GalleryCommand command, List<ShownFace> shown)
            throws SQLException, LeaseLostException {
        // Ten thousand photos take longer than a statement usually may; after the lease the work would be lost.
        Sql.inTransaction(dataSource, config.lease(), sql -> {
            GalleryEvent done = new GalleryChanges(sql, shown, strangers.keep()).make(command);
            store.end(sql, claimed.id(), done);
            return done;
        });
    }

    /** False if the faces are to be embedded again. */
    private boolean keep(Claimed claimed, KeepStranger command)
            throws SQLException, LeaseLostException, RefusedException {
        String shots = strangers.faces(command, faces.of(command));
        return Sql.inTransaction(dataSource, sql -> {
            GalleryChanges changes = new GalleryChanges(sql, List.of(), strangers.keep());
            changes.begin(command);
            Optional<UUID> kept = strangers.keep(sql, command, shots);
            if (kept.isPresent()) {
                store.end(sql, claimed.id(), changes.kept(command, kept.get()));
            }
            return kept.isPresent();
        });
    }

    /** @throws SQLException for everything that is not the command's fault */
    private GalleryEvent refusal(Claimed claimed, SQLException e) throws SQLException {
        String id = claimed.id().toString();
        Optional<ServerErrorMessage> refusal = GallerySchema.refusal(e);
        if (refusal.isPresent()) {
            return GalleryEvent.rejected(
                    id, claimed.kind(), refusal.get().getDetail(), refusal.get().getMessage());
        }
        if (WrittenRows.isOfContent(e)) {
            return GalleryEvent.rejected(
                    id, claimed.kind(), GalleryEvent.BAD_COMMAND, "the database cannot hold a value of it");
        }
        store.release(claimed.id());
        throw e;
    }

    /** Publishes answers, and removes old commands now and then. */
    boolean announce() throws SQLException {
        List<Answer> waiting = store.unannounced();
        for (Answer answer : waiting) {
            // Not in the erasure's transaction: whatever was published before it ended is before these offsets.
            byte[] json = answer.lacksTopics()
                    ? store.addTopics(answer.command(), verification.topics(answer.command()))
                    : answer.json();
            publisher.publish(answer.command(), json);
            store.announced(answer.command());
        }
        metrics.waiting(store.oldest());
        if (System.nanoTime() - expiredAt > EXPIRY_INTERVAL.toNanos()) {
            expiredAt = System.nanoTime();
            store.expire(config.keep());
            store.expireNegatives(negativesKept);
        }
        return !waiting.isEmpty();
    }

    /** Ends after the command that is being done; another worker goes on. */
    @Override
    public void close() {
        running = false;
        wake();
        erasures.release();
        long deadline = System.nanoTime() + END.toNanos();
        for (Thread thread : threads) {
            try {
                TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1_000_000, deadline - System.nanoTime()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
