package io.facestream.channels;

import io.facestream.database.Refusal;
import io.facestream.messaging.Backoff;
import io.facestream.messaging.RateLimit;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/** Stores a channel's batches in the database, and tries each again until it is stored. */
public final class BatchStore {
    private static final Logger LOG = Logger.getLogger(BatchStore.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final String what;
    private final CountDownLatch stopping;
    private final RateLimit warnings = new RateLimit(Duration.ofMinutes(1));

    /** Writes a batch in one transaction. */
    @FunctionalInterface
    public interface Step {
        void run() throws SQLException;
    }

    /**
     * Stores the batches of one channel.
     *
     * @param what is stored, in the plural, for the log
     * @param stopping is counted down when the process ends
     */
    public BatchStore(String what, CountDownLatch stopping) {
        this.what = what;
        this.stopping = stopping;
    }

    /**
     * Returns when the step has succeeded.
     *
     * @throws InterruptedException if the process ends first; the batch comes again if it is not acknowledged
     */
    public void store(Step step) throws InterruptedException {
        Backoff pauses = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
        while (true) {
            try {
                step.run();
                return;
            } catch (SQLException | RuntimeException e) {
                if (warnings.permits()) {
                    LOG.warnf("%s cannot be stored, and are tried again: %s", what, Refusal.oneLine(e));
                }
                if (stopping.await(pauses.take().toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new InterruptedException("the process ends");
                }
            }
        }
    }
}
