package io.facestream.web.news;

import io.facestream.database.Refusal;
import io.facestream.messaging.RateLimit;
import io.facestream.sightings.message.Sighting;
import io.quarkus.runtime.ShutdownEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/** Tells all sockets of this process of news, once the database has them. Does nothing while there is no socket. */
@ApplicationScoped
class News {
    private static final Logger LOG = Logger.getLogger(News.class);
    private static final long TICK_MILLIS = 100;
    static final int TICKS_OF_SESSIONS = 50;

    private final StoredVisits stored;
    private final Vertx vertx;
    private final Audience audience = new Audience(Clock.systemUTC());
    private final PendingNews pending = new PendingNews(Clock.systemUTC());
    private final RateLimit warnings = new RateLimit(Duration.ofMinutes(1));
    private final AtomicBoolean asking = new AtomicBoolean();
    private final ExecutorService worker = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "news");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean listening;
    private long timer;
    private long ticks;
    private boolean areSessionsDue;

    News(StoredVisits stored, Vertx vertx) {
        this.stored = stored;
        this.vertx = vertx;
    }

    synchronized void open(String id, Listener listener) {
        audience.open(id, listener);
        if (!listening && !audience.isEmpty()) {
            listening = true;
            timer = vertx.setPeriodic(TICK_MILLIS, tick -> tick());
        }
    }

    synchronized void close(String id) {
        audience.close(id);
        if (listening && audience.isEmpty()) {
            listening = false;
            vertx.cancelTimer(timer);
            pending.forget();
        }
    }

    /** Whether anybody wants to be told. */
    boolean isListening() {
        return listening;
    }

    /** Of a visit, on that partition of the topic. */
    void visit(int partition, Sighting visit) {
        pending.visit(partition, visit);
    }

    /** Something is different that the database has already. */
    void changed() {
        pending.changed();
    }

    /** Asks one question at a time. That of sessions comes first when it is due, however long others take. */
    void tick() {
        audience.round();
        ticks++;
        areSessionsDue |= ticks % TICKS_OF_SESSIONS == 0;
        if ((areSessionsDue || !pending.isEmpty()) && asking.compareAndSet(false, true)) {
            Question next = areSessionsDue ? this::askForSessions : this::askForVisits;
            areSessionsDue = false;
            try {
                worker.execute(() -> ask(next));
            } catch (RejectedExecutionException e) {
                LOG.debug("the process ends", e);
            }
        }
    }

    /** A question to the database. */
    private interface Question {
        void ask() throws SQLException;
    }

    private void ask(Question question) {
        try {
            question.ask();
        } catch (SQLException | RuntimeException e) {
            if (warnings.permits()) {
                LOG.warnf("open pages are not told of visits: %s", Refusal.oneLine(e));
            }
        } finally {
            asking.set(false);
        }
    }

    private void askForVisits() throws SQLException {
        if (pending.takeChanged()) {
            audience.changed();
        }
        Collection<Sighting> visits = pending.awaited();
        if (!visits.isEmpty() && stored.includes(visits)) {
            pending.done();
            audience.changed();
        }
    }

    private void askForSessions() throws SQLException {
        audience.giveUpTheStuck();
        stored.ended(audience.sessions()).forEach(audience::signedOut);
    }

    void stop(@Observes ShutdownEvent event) {
        worker.shutdownNow();
    }
}
