package io.facestream.embeddings;

import io.facestream.database.Refusal;
import io.facestream.stages.VitalThread;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Checks the registry at every interval, and immediately after a nudge. The content of a nudge is ignored, because the
 * registry is authoritative. Without Kafka or the database, the current network stays in use.
 */
public final class ReleaseWatch implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ReleaseWatch.class);
    private static final Duration END = Duration.ofSeconds(5);

    private final ActiveNetwork network;
    private final Duration interval;
    private final Semaphore nudges = new Semaphore(0);
    private final Thread thread = VitalThread.of("model-releases", this::run);
    private volatile boolean running = true;
    /** The last logged failure, so that a lasting one is logged once. */
    private String lastFailure = "";

    /** @param network closed with this watch */
    public ReleaseWatch(ActiveNetwork network, Duration interval) {
        if (interval.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "facestream.embedding.registry-interval is at least a millisecond, not " + interval);
        }
        this.network = network;
        this.interval = interval;
    }

    public void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /** The registry may have changed. */
    public void nudge() {
        nudges.release();
    }

    private void run() {
        try {
            while (running) {
                nudges.tryAcquire(interval.toMillis(), TimeUnit.MILLISECONDS);
                // Those that have come meanwhile are for the same look.
                nudges.drainPermits();
                if (running) {
                    look();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            network.close();
        }
    }

    private void look() {
        try {
            network.refresh();
            lastFailure = "";
        } catch (SQLException | RuntimeException e) {
            if (!e.toString().equals(lastFailure)) {
                LOG.warnf(
                        "cannot load the active version, so the current network stays in use: %s", Refusal.oneLine(e));
                lastFailure = e.toString();
            }
        }
    }

    @Override
    public void close() {
        running = false;
        nudge();
        try {
            thread.join(END.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
