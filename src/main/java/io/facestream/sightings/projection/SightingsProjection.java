package io.facestream.sightings.projection;

import io.facestream.database.Refusal;
import io.facestream.messaging.Backoff;
import io.facestream.messaging.RateLimit;
import io.facestream.sightings.SightingsConfig;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.message.SightingReader;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.interceptor.Interceptor;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * {@code sightings} to PostgreSQL, at least once: a batch is acknowledged when its rows are committed, and tried again
 * until then. While the database is away, visits go on on the topic.
 */
@ApplicationScoped
class SightingsProjection {
    private static final Logger LOG = Logger.getLogger(SightingsProjection.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration EXPIRY_INTERVAL = Duration.ofHours(1);
    private static final RateLimit FAILED = new RateLimit(Duration.ofMinutes(1));

    private final SightingsConfig config;
    private final Instance<DataSource> database;
    private final Counter written;
    private final SightingReader reader;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private SightingTable table;
    private Thread expiry;

    /** @param database present if the role is switched on */
    SightingsProjection(SightingsConfig config, Instance<DataSource> database, MeterRegistry metrics) {
        this.config = config;
        this.database = database;
        this.written = Counter.builder("facestream.projection.visits")
                .description("Visits written to the database, counted with each batch that tells of them")
                .register(metrics);
        this.reader = new SightingReader(Counter.builder("facestream.projection.unreadable")
                .description("Records of sightings that are none, and were left out")
                .register(metrics));
    }

    /** Before the channels begin, which SmallRye starts as a library. */
    void start(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE - 1) StartupEvent event) {
        if (!config.enabled()) {
            return;
        }
        table = new SightingTable(database.get(), config.keep());
        expiry = new Thread(this::expire, "sightings-expiry");
        expiry.setDaemon(true);
        expiry.start();
    }

    /** @throws InterruptedException if the process ends: the batch is not acknowledged, and comes again */
    @Incoming("sightings")
    @Blocking
    void project(ConsumerRecords<byte[], byte[]> batch) throws InterruptedException {
        List<Sighting> messages = reader.read(batch);
        Backoff pauses = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
        while (true) {
            try {
                written.increment(table.write(messages));
                return;
            } catch (SQLException e) {
                if (FAILED.permits()) {
                    LOG.warnf("visits cannot be written, and are tried again: %s", Refusal.oneLine(e));
                }
                if (stopping.await(pauses.take().toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new InterruptedException("the process ends");
                }
            }
        }
    }

    private void expire() {
        try {
            SightingTable own = new SightingTable(database.get(), config.keep());
            do {
                try {
                    SightingTable.Expired expired = own.expire(config.keepUnknown());
                    if (expired.days() > 0 || expired.visits() > 0) {
                        LOG.infof(
                                "removed %d day(s) of visits, and %d visit(s) of nobody known",
                                expired.days(), expired.visits());
                    }
                } catch (SQLException e) {
                    LOG.warnf("old visits cannot be removed, and are tried again later: %s", Refusal.oneLine(e));
                }
            } while (!stopping.await(EXPIRY_INTERVAL.toSeconds(), TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs while the database is still available. */
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping.countDown();
        if (expiry != null) {
            expiry.join(TimeUnit.SECONDS.toMillis(2));
        }
    }
}
