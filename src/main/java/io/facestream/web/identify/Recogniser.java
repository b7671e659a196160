package io.facestream.web.identify;

import io.facestream.detection.DetectionConfig;
import io.facestream.detection.FaceDetectors;
import io.facestream.embeddings.ActiveNetwork;
import io.facestream.embeddings.EmbeddingConfig;
import io.facestream.embeddings.ReleaseWatch;
import io.facestream.faces.FaceFinder;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import io.facestream.messaging.RejectedException;
import io.facestream.models.ModelRegistry;
import io.facestream.web.WebConfig;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.sql.SQLException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * Shows pictures to the networks, as many at a time as there are cores. The networks are loaded once, and follow the
 * active version.
 */
@ApplicationScoped
public class Recogniser {
    private static final int END_SECONDS = 5;

    private final WebConfig config;
    private final DetectionConfig detection;
    private final EmbeddingConfig embedding;
    private final PictureBounds bounds;
    private final Instance<DataSource> database;
    private final MeterRegistry metrics;
    private FaceDetectors detectors;
    private ReleaseWatch watch;
    private BlockingQueue<Eyes> idle;
    private Semaphore admission;
    private ThreadPoolExecutor looking;
    private ThreadPoolExecutor searching;
    private Counter refused;

    /** @param database present if the role is switched on */
    Recogniser(
            WebConfig config,
            DetectionConfig detection,
            EmbeddingConfig embedding,
            PictureBounds bounds,
            Instance<DataSource> database,
            MeterRegistry metrics) {
        this.config = config;
        this.detection = detection;
        this.embedding = embedding;
        this.bounds = bounds;
        this.database = database;
        this.metrics = metrics;
    }

    /** The part of a request that shows pictures to the networks. */
    public interface Look<T> {
        T with(Eyes eyes) throws RejectedException;
    }

    /** The part after it that waits for the database. */
    public interface Search<T, R> {
        R of(T seen) throws SQLException;
    }

    /** Before HTTP is listened for. */
    void start(@Observes StartupEvent event) throws SQLException {
        if (!config.enabled()) {
            return;
        }
        ActiveNetwork network = new ActiveNetwork(new ModelRegistry(database.get()), embedding.device(), version -> {});
        watch = new ReleaseWatch(network, embedding.registryInterval());
        watch.start();
        detectors = FaceDetectors.load(detection);
        int parallel =
                config.threads() > 0 ? config.threads() : Runtime.getRuntime().availableProcessors();
        idle = new ArrayBlockingQueue<>(parallel);
        PictureDecoder decoder = new PictureDecoder(bounds);
        for (int i = 0; i < parallel; i++) {
            idle.add(new Eyes(decoder, new FaceFinder(detectors.detector()), network, detection.maxFaces()));
        }
        admission = new Semaphore(parallel + config.waiting());
        BlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();
        looking = pool("look", parallel, waiting);
        searching = pool("search", parallel, new LinkedBlockingQueue<>());
        refused = Counter.builder("facestream.web.refused")
                .description("Requests that were told to come again, since too many were waiting")
                .register(metrics);
        Gauge.builder("facestream.web.waiting", waiting, BlockingQueue::size)
                .description("Pictures that wait for a thread")
                .register(metrics);
    }

    /** Its queue needs no bound, since admission has one. */
    private static ThreadPoolExecutor pool(String name, int size, BlockingQueue<Runnable> queue) {
        AtomicInteger number = new AtomicInteger();
        return new ThreadPoolExecutor(
                size,
                size,
                0,
                TimeUnit.SECONDS,
                queue,
                work -> new Thread(work, name + "-" + number.getAndIncrement()));
    }

    /**
     * Looks as soon as a thread is free.
     *
     * @throws RejectedExecutionException if too many are waiting
     */
    public <T> CompletionStage<T> submit(Look<T> look) {
        admit();
        return look(look).whenComplete((result, failure) -> admission.release());
    }

    /**
     * Looks, and then searches on another thread: the networks need not wait for the database.
     *
     * @throws RejectedExecutionException if too many are waiting
     */
    public <T, R> CompletionStage<R> submit(Look<T> look, Search<T, R> search) {
        admit();
        return look(look)
                .thenApplyAsync(seen -> search(search, seen), searching)
                .whenComplete((result, failure) -> admission.release());
    }

    private void admit() {
        if (!admission.tryAcquire()) {
            refused.increment();
            throw new RejectedExecutionException("too many pictures are waiting");
        }
    }

    private <T> CompletableFuture<T> look(Look<T> look) {
        return CompletableFuture.supplyAsync(
                () -> {
                    // There are as many as threads.
                    Eyes eyes = idle.remove();
                    try {
                        return look.with(eyes);
                    } catch (RejectedException e) {
                        throw new CompletionException(e);
                    } finally {
                        idle.add(eyes);
                    }
                },
                looking);
    }

    private static <T, R> R search(Search<T, R> search, T seen) {
        try {
            return search.of(seen);
        } catch (SQLException e) {
            throw new CompletionException(e);
        }
    }

    /** Runs while the database is still available. */
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        if (looking == null) {
            return;
        }
        looking.shutdown();
        if (looking.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
            searching.shutdown();
            searching.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
            idle.forEach(Eyes::close);
            detectors.close();
        }
        watch.close();
    }
}
