package io.facestream.sightings.projection;

import io.facestream.channels.BatchStore;
import io.facestream.messaging.KafkaConnection;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * {@code sightings} to PostgreSQL, at least once: a batch is acknowledged when its rows are committed, and tried again
 * until then. While the database is away, visits go on on the topic.
 */
@ApplicationScoped
class SightingsProjection {
    private static final Logger LOG = Logger.getLogger(SightingsProjection.class);
    private static final RateLimit REFUSED = new RateLimit(Duration.ofMinutes(1));

    private final SightingsConfig config;
    private final Instance<DataSource> database;
    private final Config kafka;
    private final MeterRegistry metrics;
    private final Counter written;
    private final SightingReader reader;
    private final Counter refusals;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final BatchStore batches = new BatchStore("visits", stopping);
    private SightingTable table;
    private final List<Thread> threads = new ArrayList<>();

    /** @param database present if the role is switched on */
    SightingsProjection(SightingsConfig config, Instance<DataSource> database, Config kafka, MeterRegistry metrics) {
        this.config = config;
        this.database = database;
        this.kafka = kafka;
        this.metrics = metrics;
        this.written = Counter.builder("facestream.projection.visits")
                .description("Visits written to the database, counted with each batch that tells of them")
                .register(metrics);
        this.reader = new SightingReader(Counter.builder("facestream.projection.unreadable")
                .description("Records of sightings that are none, and were left out")
                .register(metrics)::increment);
        this.refusals = Counter.builder("facestream.projection.refused")
                .description("Messages that the database will never take, and that were left out")
                .register(metrics);
    }

    /** Before the channels begin, which SmallRye starts as a library. */
    void start(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE - 1) StartupEvent event) {
        if (!config.enabled()) {
            return;
        }
        ShotRules shots = new ShotRules(config.shots().people(), config.shots().others());
        table = new SightingTable(database.get(), config.keep(), shots);
        Expiry expiry = new Expiry(database.get(), config.keep(), config.keepUnknown(), shots, stopping);
        begin("sightings-expiry", expiry::run);
        if (shots.keepsPeople() || shots.keepsOthers()) {
            KafkaConnection connection = KafkaConnection.from(kafka);
            begin("sightings-shots", new Shots(connection, database.get(), shots, stopping, metrics)::run);
        }
    }

    private void begin(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
    }

    /** @throws InterruptedException if the process ends: the batch is not acknowledged, and comes again */
    @Incoming("sightings")
    @Blocking
    void project(ConsumerRecords<byte[], byte[]> batch) throws InterruptedException {
        List<Sighting> messages = reader.read(batch);
        batches.store(() -> report(table.write(messages)));
    }

    private void report(SightingTable.Written done) {
        written.increment(done.visits());
        for (SightingTable.Refused refused : done.refused()) {
            refusals.increment();
            if (REFUSED.permits()) {
                LOG.warnf(
                        "visit %s of %s is not written, and is on the topic only: %s",
                        refused.message().sightingId(), refused.message().source(), refused.why());
            }
        }
    }

    /** Runs while the database is still available. */
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping.countDown();
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(2));
        }
    }
}
