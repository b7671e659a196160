package io.facestream.gallery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.facestream.embeddings.EmbeddingConfig;
import io.facestream.faces.DetectionConfig;
import io.facestream.faces.FaceDetectors;
import io.facestream.faces.FaceFinder;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.Refusal;
import io.facestream.messaging.Sha256;
import io.facestream.messaging.Stages;
import io.facestream.messaging.Topic;
import io.facestream.models.ModelRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.interceptor.Interceptor;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Outgoing;
import org.jboss.logging.Logger;

/** {@code labelled-faces} to the gallery, with an answer for every photo on {@code enrolments}; at least once. */
@ApplicationScoped
public class EnrolmentStage {
    private static final Logger LOG = Logger.getLogger(EnrolmentStage.class);
    private static final URI SOURCE = URI.create("/facestream/enrolment");
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Stages stages;
    private final Instance<DataSource> dataSource;
    private final EnrolmentConfig config;
    private final DetectionConfig detection;
    private final EmbeddingConfig embedding;
    private final PictureBounds bounds;
    private final MeterRegistry metrics;
    private volatile boolean stopping;
    private Enroller enroller;

    /** @param dataSource there where the role is switched on */
    EnrolmentStage(
            Stages stages,
            Instance<DataSource> dataSource,
            EnrolmentConfig config,
            DetectionConfig detection,
            EmbeddingConfig embedding,
            PictureBounds bounds,
            MeterRegistry metrics) {
        this.stages = stages;
        this.dataSource = dataSource;
        this.config = config;
        this.detection = detection;
        this.embedding = embedding;
        this.bounds = bounds;
        this.metrics = metrics;
    }

    /** Before the channels open, which do not wait for a topic. */
    void start(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent event) {
        if (config.enabled()) {
            stages.ensureTopics(List.of(Topic.LABELLED_FACES, Topic.ENROLMENTS));
        }
    }

    /** One photo at a time: the offset is committed after the database, and after the broker has the answer. */
    @Incoming("labelled-faces")
    @Outgoing("enrolments")
    @Blocking("enrolment")
    Message<ProducerRecord<byte[], byte[]>> enrol(Message<ConsumerRecord<byte[], byte[]>> message)
            throws InterruptedException {
        ConsumerRecord<byte[], byte[]> record = message.getPayload();
        EnrolmentAnswer answer = answer(record);
        metrics.counter(
                        "facestream.enrolments",
                        "outcome",
                        answer.outcome().name().toLowerCase(Locale.ROOT),
                        "reason",
                        answer.reason() == null ? "" : answer.reason())
                .increment();
        return message.withPayload(write(record, answer));
    }

    private EnrolmentAnswer answer(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
        String name = null;
        String id = RecordPointer.to(record).toString();
        try {
            LabelledFace photo = LabelledFace.of(record);
            name = photo.name();
            id = photo.id();
            return enrolThroughOutages(photo);
        } catch (EnrolmentRejection e) {
            byte[] photo = record.value() == null ? new byte[0] : record.value();
            return EnrolmentAnswer.rejected(id, RecordPointer.to(record), Sha256.hex(photo), name, e);
        }
    }

    private EnrolmentAnswer enrolThroughOutages(LabelledFace photo) throws EnrolmentRejection, InterruptedException {
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                return enroller().enrol(photo);
            } catch (SQLException | RuntimeException e) {
                // A commit that fails has an exception of its own, and what a photo itself can cause is a rejection.
                if (stopping) {
                    throw new InterruptedException("stopped while the gallery was out of reach");
                }
                LOG.warnf("%s is tried again in %d ms: %s", photo.pointer(), pause.toMillis(), Refusal.oneLine(e));
                Thread.sleep(pause.toMillis());
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
    }

    private Enroller enroller() {
        if (enroller == null) {
            FaceFinder finder = new FaceFinder(FaceDetectors.load(detection).detector());
            enroller = new Enroller(
                    new EnrolmentGate(new PictureDecoder(bounds), finder, config),
                    new ModelRegistry(dataSource.get()),
                    embedding.device());
        }
        return enroller;
    }

    private static ProducerRecord<byte[], byte[]> write(ConsumerRecord<byte[], byte[]> record, EnrolmentAnswer answer) {
        CloudEvent event = CloudEventBuilder.v1()
                .withId(answer.photo().toString())
                .withSource(SOURCE)
                .withType(EnrolmentAnswer.TYPE)
                .withSubject(answer.name())
                .withData("application/json", Json.write(answer))
                .build();
        byte[] key = answer.name() == null ? null : answer.name().getBytes(UTF_8);
        return CloudEventRecords.write(Topic.ENROLMENTS, null, key, event);
    }

    @PreDestroy
    void stop() {
        stopping = true;
    }
}
