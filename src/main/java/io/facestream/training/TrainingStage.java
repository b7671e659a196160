package io.facestream.training;

import io.facestream.detection.DetectionConfig;
import io.facestream.detection.FaceDetectors;
import io.facestream.embeddings.EmbeddingConfig;
import io.facestream.enrolment.EnrolmentConfig;
import io.facestream.enrolment.EnrolmentGate;
import io.facestream.faces.FaceFinder;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import io.facestream.gallery.ModelReleases;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.Topic;
import io.facestream.models.BackgroundWork;
import io.facestream.models.ModelRegistry;
import io.facestream.stages.StageWork;
import io.facestream.stages.Stages;
import io.facestream.training.commands.CommandLog;
import io.facestream.training.data.LabelledTopics;
import io.facestream.training.data.TrainingData;
import io.facestream.training.review.CandidateReview;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.interceptor.Interceptor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;

/**
 * Stores {@code training-commands} as rows, which workers claim, and publishes {@code training-progress}. Commands are
 * read by a transactional stage. Workers take minutes to hours, and publish each epoch and the end at least once.
 */
@ApplicationScoped
public class TrainingStage {
    static final String NAME = "training";

    /** Progress messages that wait to be sent. While the broker is away, only the latest matter. */
    private static final int MOST_WAITING = 16;

    private final Stages stages;
    private final Instance<DataSource> dataSource;
    private final TrainingConfig config;
    private final DetectionConfig detection;
    private final EmbeddingConfig embedding;
    private final EnrolmentConfig enrolment;
    private final PictureBounds bounds;
    private final Instance<Emitter<ProducerRecord<byte[], byte[]>>> news;
    private final KafkaConnection kafka;
    private final Counter refusedEnds;
    private TrainingWorker worker;
    private KafkaProducer<byte[], byte[]> producer;

    /**
     * @param dataSource present if the role is enabled
     * @param news of running commands; present once the channels have started
     */
    TrainingStage(
            Stages stages,
            Instance<DataSource> dataSource,
            TrainingConfig config,
            DetectionConfig detection,
            EmbeddingConfig embedding,
            EnrolmentConfig enrolment,
            PictureBounds bounds,
            MeterRegistry metrics,
            @Channel("training-progress") @OnOverflow(value = OnOverflow.Strategy.BUFFER, bufferSize = MOST_WAITING)
                    Instance<Emitter<ProducerRecord<byte[], byte[]>>> news,
            Config properties) {
        this.stages = stages;
        this.dataSource = dataSource;
        this.config = config;
        this.detection = detection;
        this.embedding = embedding;
        this.enrolment = enrolment;
        this.bounds = bounds;
        this.news = news;
        this.kafka = KafkaConnection.from(properties);
        this.refusedEnds = Counter.builder("facestream.training.ends.refused")
                .description("Ends of training commands that the broker refused; a shorter form is published instead")
                .register(metrics);
    }

    /** Runs before any stage loads a network. */
    void separateSessions(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {
        if (config.enabled()) {
            BackgroundWork.separateSessions();
        }
    }

    void start(@Observes StartupEvent event) {
        if (!config.enabled()) {
            return;
        }
        LabelledTopics topics = new LabelledTopics(kafka);
        DataSource database = dataSource.get();
        CommandLog log = new CommandLog(database, UUID.randomUUID().toString(), config.lease());
        ModelReleases releases = new ModelReleases(database, embedding.device(), stages.releases());
        FineTuning fineTuning = fineTuning(database, log, topics, releases);
        stages.start(
                NAME,
                Topic.TRAINING_COMMANDS,
                List.of(Topic.TRAINING_PROGRESS, Topic.LABELLED_FACES),
                config,
                () -> StageWork.ofBatches(() -> new CommandBatch(log, topics)));
        producer = kafka.producer(Map.of("enable.idempotence", true, "max.block.ms", 10_000));
        worker = new TrainingWorker(
                log, fineTuning, releases, new ProgressTopic(news.get(), producer, refusedEnds), config);
        worker.start();
    }

    private int threads() {
        int cores = Runtime.getRuntime().availableProcessors();
        int threads = config.threads().orElse(Math.max(1, cores / 2));
        if (threads < 1) {
            throw new IllegalArgumentException("facestream.training.threads is at least 1, not " + threads);
        }
        return threads;
    }

    private FineTuning fineTuning(DataSource database, CommandLog log, LabelledTopics topics, ModelReleases releases) {
        Supplier<EnrolmentGate> gate = () -> new EnrolmentGate(
                new PictureDecoder(bounds),
                new FaceFinder(FaceDetectors.load(detection).detector()),
                enrolment,
                detection.detector());
        int threads = threads();
        return new FineTuning(
                log,
                new TrainingData(database, topics, gate, config.maxPhotos()),
                new ModelRegistry(database),
                releases,
                () -> new CandidateReview(embedding.device()),
                config.scratch().orElse(Path.of(System.getProperty("java.io.tmpdir"))),
                (settings, base, teacher, chips, set) -> Trainer.start(settings, base, teacher, chips, set, threads));
    }

    /** Runs while the database is still available. */
    void stop(@Observes ShutdownEvent event) {
        if (worker != null) {
            worker.close();
            producer.close(Duration.ofSeconds(3));
        }
    }
}
