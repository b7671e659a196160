package io.facestream.training;

import io.facestream.database.Refusal;
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
import io.facestream.training.commands.TrainingProgress;
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
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/**
 * {@code training-commands} to rows, which workers claim; how they get on, to {@code training-progress}. The commands come through a
 * transactional stage; the workers, whose runs last, tell of themselves at least once.
 */
@ApplicationScoped
public class TrainingStage {
    static final String NAME = "training";

    private static final Logger LOG = Logger.getLogger(TrainingStage.class);

    private final Stages stages;
    private final Instance<DataSource> dataSource;
    private final TrainingConfig config;
    private final DetectionConfig detection;
    private final EmbeddingConfig embedding;
    private final EnrolmentConfig enrolment;
    private final PictureBounds bounds;
    private final KafkaConnection kafka;
    private final Counter refusedEnds;
    private TrainingWorker worker;
    private KafkaProducer<byte[], byte[]> producer;

    /** @param dataSource there where the role is switched on */
    TrainingStage(
            Stages stages,
            Instance<DataSource> dataSource,
            TrainingConfig config,
            DetectionConfig detection,
            EmbeddingConfig embedding,
            EnrolmentConfig enrolment,
            PictureBounds bounds,
            MeterRegistry metrics,
            Config properties) {
        this.stages = stages;
        this.dataSource = dataSource;
        this.config = config;
        this.detection = detection;
        this.embedding = embedding;
        this.enrolment = enrolment;
        this.bounds = bounds;
        this.kafka = KafkaConnection.from(properties);
        this.refusedEnds = Counter.builder("facestream.training.ends.refused")
                .description(
                        "Ends of training commands that the broker refused for what they are; a shorter form is published instead")
                .register(metrics);
    }

    /** Before any stage loads a network. */
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
                StageWork.ofBatches(() -> new CommandBatch(log, topics)));
        producer = kafka.producer(Map.of("enable.idempotence", true, "max.block.ms", 10_000));
        worker = new TrainingWorker(log, fineTuning, releases, new Topics(), config);
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
                (settings, base, chips, set) -> Trainer.start(settings, base, chips, set, threads));
    }

    /**
     * Sends a command's end.
     *
     * @return false where the broker refuses the record for what it is
     * @throws KafkaException if it was not taken for another reason
     */
    private boolean send(String key, byte[] progress) {
        try {
            producer.send(CommandBatch.record(key, progress)).get();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RecordTooLargeException || e.getCause() instanceof InvalidRecordException) {
                refusedEnds.increment();
                LOG.warnf("the end of training command %s was refused: %s", key, Refusal.oneLine(e.getCause()));
                return false;
            }
            throw new KafkaException("the broker did not take the progress of " + key, e.getCause());
        }
    }

    /** Tells the topic what a worker tells. */
    private final class Topics implements TrainingWorker.Telling {
        @Override
        public void tell(TrainingProgress progress) {
            try {
                send(progress);
            } catch (IllegalStateException | KafkaException e) {
                LOG.warnf("progress of %s was not published: %s", progress.commandId(), Refusal.oneLine(e));
            }
        }

        private void send(TrainingProgress progress) {
            producer.send(CommandBatch.record(progress), (metadata, failure) -> {
                if (failure != null) {
                    LOG.warnf("progress of %s was not published: %s", progress.commandId(), Refusal.oneLine(failure));
                }
            });
        }

        @Override
        public boolean announce(UUID command, byte[] progress) {
            return TrainingStage.this.send(command.toString(), progress);
        }
    }

    /** While the database is still there. */
    void stop(@Observes ShutdownEvent event) {
        if (worker != null) {
            worker.close();
            producer.close(Duration.ofSeconds(3));
        }
    }
}
