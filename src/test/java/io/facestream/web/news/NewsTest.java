package io.facestream.web.news;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.facestream.alerts.Visits;
import io.facestream.sightings.message.Sighting;
import io.facestream.web.users.SocketEnding;
import io.facestream.web.users.WebSession;
import io.quarkus.runtime.ShutdownEvent;
import io.vertx.core.Vertx;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the database is asked for, and when, with a database that answers when it is told to. */
class NewsTest {
    private final Database database = new Database();
    private final Vertx vertx = Vertx.vertx();
    private final News news = new News(database, vertx);
    private final AtomicInteger told = new AtomicInteger();

    @AfterEach
    void stop() {
        database.answers.release(1_000);
        news.stop(new ShutdownEvent());
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private static final class Database extends StoredVisits {
        private final List<String> questions = new CopyOnWriteArrayList<>();
        private final Semaphore answers = new Semaphore(0);
        private volatile boolean isAway;

        private Database() {
            super(null);
        }

        @Override
        boolean includes(Collection<Sighting> visits) throws SQLException {
            answer("visits");
            return false;
        }

        @Override
        List<byte[]> ended(List<WebSession> sessions) throws SQLException {
            answer("sessions");
            return List.of();
        }

        private void answer(String question) throws SQLException {
            questions.add(question);
            answers.acquireUninterruptibly();
            if (isAway) {
                throw new SQLException("it is away");
            }
        }
    }

    private final class Browser implements Listener {
        private final WebSession session = new WebSession(new UUID(0, 1), "ann", "ann", "viewer", new byte[32]);

        @Override
        public WebSession session() {
            return session;
        }

        @Override
        public CompletionStage<?> tell() {
            told.incrementAndGet();
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close(SocketEnding ending) {
            throw new AssertionError("it is closed: " + ending);
        }
    }

    private void hearOfVisit() {
        news.visit(0, Visits.message("door", "a", 1, Sighting.Change.APPEARED, null, Instant.EPOCH));
    }

    @Test
    void aDatabaseThatIsSlowIsAskedForSessionsNext() {
        news.open("socket", new Browser());
        hearOfVisit();
        await().until(() -> database.questions.equals(List.of("visits")));
        // More than enough, since the timer counts too.
        for (int tick = 0; tick < 10 * News.TICKS_OF_SESSIONS; tick++) {
            news.tick();
        }

        database.answers.release();

        await().untilAsserted(() -> assertThat(database.questions).startsWith("visits", "sessions"));
    }

    @Test
    void pagesAreToldOfAChangeThoughTheDatabaseCannotBeAskedForAVisit() {
        database.isAway = true;
        database.answers.release(1_000);
        hearOfVisit();
        news.changed();

        news.open("socket", new Browser());

        // Once because it is new, and once of the change.
        await().untilAsserted(() -> assertThat(told).hasValueGreaterThanOrEqualTo(2));
    }
}
