package io.facestream.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.facestream.embeddings.EmbeddingConfig;
import io.facestream.faces.DetectionConfig;
import io.facestream.faces.FaceDetectors;
import io.facestream.faces.FaceFinder;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import io.facestream.gallery.EnrolmentConfig;
import io.facestream.gallery.EnrolmentGate;
import io.facestream.gallery.ModelReleases;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.Refusal;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Stages;
import io.facestream.messaging.Topic;
import io.facestream.models.ModelRegistry;
import io.facestream.training.TrainingProgress.State;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.interceptor.Interceptor;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * {@code training-commands} to rows, which workers claim; how they get on, to {@code training-progress}. A command is stored
 * once, and acknowledged when it is.
 */
@ApplicationScoped
public class TrainingStage {
    private static final Logger LOG = Logger.getLogger(TrainingStage.class);
    private static final URI SOURCE = URI.create("/facestream/training");
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    /** The class of PostgreSQL's errors that a value is to blame for, such as a text with a NUL in it. */
    private static final String DATA_EXCEPTION = "22";

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Stages stages;
    private final Instance<DataSource> dataSource;
    private final TrainingConfig config;
    private final DetectionConfig detection;
    private final EmbeddingConfig embedding;
    private final EnrolmentConfig enrolment;
    private final PictureBounds bounds;
    private final KafkaConnection kafka;
    private final LabelledTopics topics;
    private volatile boolean stopping;
    private CommandLog log;
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
            Config properties) {
        this.stages = stages;
        this.dataSource = dataSource;
        this.config = config;
        this.detection = detection;
        this.embedding = embedding;
        this.enrolment = enrolment;
        this.bounds = bounds;
        this.kafka = KafkaConnection.from(properties);
        this.topics = new LabelledTopics(kafka);
    }

    /** Before the channel opens. */
    void start(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {
        if (!config.enabled()) {
            return;
        }
        stages.ensureTopics(List.of(Topic.TRAINING_COMMANDS, Topic.TRAINING_PROGRESS, Topic.LABELLED_FACES));
        producer = kafka.producer(Map.of("enable.idempotence", true));
        DataSource database = dataSource.get();
        log = new CommandLog(database, UUID.randomUUID().toString(), config.lease());
        ModelReleases releases = new ModelReleases(database, embedding.device(), stages.releases());
        worker = new TrainingWorker(log, fineTuning(database, releases), releases, new Topics(), config);
        worker.start();
    }

    private FineTuning fineTuning(DataSource database, ModelReleases releases) {
        EnrolmentGate gate = new EnrolmentGate(
                new PictureDecoder(bounds),
                new FaceFinder(FaceDetectors.load(detection).detector()),
                enrolment);
        return new FineTuning(
                log,
                new TrainingData(database, topics, gate, config.maxPhotos()),
                new ModelRegistry(database),
                releases,
                () -> new CandidateReview(embedding.device()),
                config.scratch().orElse(Path.of(System.getProperty("java.io.tmpdir"))));
    }

    /** One command at a time: its offset is committed when it is stored, or answered. */
    @Incoming("training-commands")
    @Blocking("training-commands")
    void accept(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                handle(record);
                return;
            } catch (SQLException | KafkaException e) {
                if (stopping) {
                    throw new InterruptedException("stopped while a training command could not be stored");
                }
                LOG.warnf(
                        "training command %s-%d@%d is tried again in %d ms: %s",
                        record.topic(), record.partition(), record.offset(), pause.toMillis(), Refusal.oneLine(e));
                Thread.sleep(pause.toMillis());
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
    }

    private void handle(ConsumerRecord<byte[], byte[]> record) throws SQLException {
        TrainingCommand command;
        Map<String, Map<Integer, Long>> ends = Map.of();
        byte[] json = record.value() == null ? new byte[0] : record.value();
        try {
            command = read(json);
            if (command instanceof FineTune fineTune) {
                ends = topics.ends(named(fineTune));
            }
        } catch (RejectedException | IllegalArgumentException e) {
            reject(record, e.getMessage());
            return;
        }
        String id = command.commandId().toString();
        if (command instanceof TrainingCommand.Cancel cancel) {
            send(id, Json.write(cancel(cancel)));
            return;
        }
        try {
            if (log.store(command, Json.write(command), ends)) {
                send(id, Json.write(TrainingProgress.of(command, State.QUEUED, null)));
            }
        } catch (SQLException e) {
            if (e.getSQLState() == null || !e.getSQLState().startsWith(DATA_EXCEPTION)) {
                throw e;
            }
            reject(record, "the database cannot hold it: " + e.getMessage());
        }
    }

    /** Whatever reading stumbles over is in the record, and would be there again. */
    private static TrainingCommand read(byte[] json) throws RejectedException {
        try {
            return TrainingCommand.read(json);
        } catch (NullPointerException | ClassCastException e) {
            throw new IllegalArgumentException("null, or a value of another type, where there is to be a value", e);
        }
    }

    private void reject(ConsumerRecord<byte[], byte[]> record, String why) {
        String key = record.key() == null ? null : new String(record.key(), UTF_8);
        send(key, Json.write(TrainingProgress.rejected(key, why)));
    }

    private static List<String> named(FineTune command) {
        return command.topics() == null ? List.of(Topic.LABELLED_FACES.topicName()) : new ArrayList<>(command.topics());
    }

    private TrainingProgress cancel(TrainingCommand.Cancel cancel) throws SQLException {
        TrainingProgress ended = TrainingProgress.of(
                FineTune.withDefaults(cancel.target()), State.CANCELLED, "cancelled before it began");
        return log.cancel(cancel.target(), ended)
                ? TrainingProgress.of(cancel, State.DONE, cancel.target() + " ends")
                : TrainingProgress.of(
                        cancel, State.FAILED, "no training " + cancel.target() + " is waiting or under way");
    }

    /** @throws KafkaException if the broker does not take it */
    private void send(String key, byte[] progress) {
        try {
            producer.send(record(key, progress)).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", e);
        } catch (ExecutionException e) {
            throw new KafkaException("the broker did not take the progress of " + key, e.getCause());
        }
    }

    private static ProducerRecord<byte[], byte[]> record(String key, byte[] progress) {
        CloudEvent event = CloudEventBuilder.v1()
                .withId(UUID.randomUUID().toString())
                .withSource(SOURCE)
                .withType(TrainingProgress.TYPE)
                .withSubject(key)
                .withTime(OffsetDateTime.now(ZoneOffset.UTC))
                .withData("application/json", progress)
                .build();
        return CloudEventRecords.write(Topic.TRAINING_PROGRESS, null, key == null ? null : key.getBytes(UTF_8), event);
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
            producer.send(record(progress.commandId(), Json.write(progress)), (metadata, failure) -> {
                if (failure != null) {
                    LOG.warnf("progress of %s was not published: %s", progress.commandId(), Refusal.oneLine(failure));
                }
            });
        }

        @Override
        public void announce(UUID command, byte[] progress) {
            TrainingStage.this.send(command.toString(), progress);
        }
    }

    /** While the database is still there. */
    void stop(@Observes ShutdownEvent event) {
        stopping = true;
        if (worker != null) {
            worker.close();
            producer.close(Duration.ofSeconds(10));
        }
    }
}
