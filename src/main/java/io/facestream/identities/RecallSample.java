package io.facestream.identities;

import io.facestream.database.Refusal;
import io.facestream.embeddings.Embedding;
import io.facestream.gallery.GallerySearch;
import io.facestream.models.ModelVersion;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Samples how often the approximate index finds the nearest person: occasionally one face is searched again, exactly.
 * Takes one sample at a time, on its own thread. Serves one loop.
 */
final class RecallSample {
    private static final Logger LOG = Logger.getLogger(RecallSample.class);

    private final GallerySearch gallery;
    private final int candidates;
    private final long intervalNanos;
    private final Counter found;
    private final Counter missed;
    private final Counter failures;
    /** Without a queue: while a sample is being taken, others are dropped. */
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            0,
            1,
            1,
            TimeUnit.MINUTES,
            new SynchronousQueue<>(),
            RecallSample::daemon,
            new ThreadPoolExecutor.DiscardPolicy());

    private long nextAt = System.nanoTime();

    /** @param config the interval and the number of candidates */
    RecallSample(GallerySearch gallery, MatchingConfig config, MeterRegistry metrics) {
        this.gallery = gallery;
        this.candidates = config.candidates();
        this.intervalNanos = config.recallInterval().toNanos();
        this.found = counter(metrics, "found");
        this.missed = counter(metrics, "missed");
        this.failures = Counter.builder("facestream.recall.failures")
                .description("Samples that could not be taken, or took too long")
                .register(metrics);
    }

    private static Counter counter(MeterRegistry metrics, String outcome) {
        return Counter.builder("facestream.recall.samples")
                .description(
                        "Faces that were searched again exactly, by whether the index had found the nearest person")
                .tag("outcome", outcome)
                .register(metrics);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "recall-sample");
        thread.setDaemon(true);
        return thread;
    }

    /** Offers a face that was just searched; takes a sample if one is due. */
    void offer(ModelVersion version, Embedding probe) {
        if (System.nanoTime() - nextAt >= 0) {
            nextAt = System.nanoTime() + intervalNanos;
            thread.execute(() -> take(version, probe));
        }
    }

    private void take(ModelVersion version, Embedding probe) {
        try {
            gallery.findsNearest(version, probe, candidates)
                    .ifPresent(nearest -> (nearest ? found : missed).increment());
        } catch (SQLException | RuntimeException e) {
            failures.increment();
            LOG.warnf("cannot sample the index's recall this time: %s", Refusal.oneLine(e));
            LOG.debug("no sample", e);
        }
    }

    /** Takes no more samples. A running one continues while the database is available. */
    void close() {
        thread.shutdown();
    }
}
