package io.facestream.embeddings;

import io.facestream.database.Refusal;
import io.facestream.messaging.ReleaseTopic;
import io.facestream.stages.VitalThread;
import java.sql.SQLException;
import java.time.Duration;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/**
 * Checks the registry at every interval, and immediately after a record on {@code model-releases}. The content of the
 * record is ignored, because the registry is authoritative. Without Kafka or the database, the current network stays in
 * use.
 */
final class ReleaseWatch implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ReleaseWatch.class);
    private static final Duration END = Duration.ofSeconds(5);

    private final ActiveNetwork network;
    private final Duration interval;
    private final KafkaConsumer<byte[], byte[]> releases;
    private final Thread thread = VitalThread.of("model-releases", this::run);
    private volatile boolean running = true;
    /** The last logged failure, so that a lasting one is logged once. */
    private String lastFailure = "";

    ReleaseWatch(ActiveNetwork network, ReleaseTopic topic, Duration interval) {
        if (interval.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "facestream.embedding.registry-interval is at least a millisecond, not " + interval);
        }
        this.network = network;
        this.interval = interval;
        this.releases = topic.follow();
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try (releases) {
            while (running) {
                awaitNudge();
                if (running) {
                    look();
                }
            }
        } catch (WakeupException e) {
            LOG.debug("was asked to stop");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            network.close();
        }
    }

    /** The poll is also the wait between checks. */
    private void awaitNudge() throws InterruptedException {
        try {
            releases.poll(interval);
        } catch (WakeupException e) {
            throw e;
        } catch (KafkaException | IllegalStateException e) {
            say("cannot read model-releases", e);
            Thread.sleep(interval.toMillis());
        }
    }

    private void look() {
        try {
            network.refresh();
            lastFailure = "";
        } catch (SQLException | RuntimeException e) {
            say("cannot load the active version, so the current network stays in use", e);
        }
    }

    private void say(String what, Exception failure) {
        if (!failure.toString().equals(lastFailure)) {
            LOG.warnf("%s: %s", what, Refusal.oneLine(failure));
            lastFailure = failure.toString();
        }
    }

    @Override
    public void close() {
        running = false;
        releases.wakeup();
        try {
            thread.join(END.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
