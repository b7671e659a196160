package io.facestream.enrolment;

import io.facestream.detection.DetectionConfig;
import io.facestream.detection.FaceDetectors;
import io.facestream.embeddings.EmbeddingConfig;
import io.facestream.faces.FaceFinder;
import io.facestream.frames.PictureBounds;
import io.facestream.frames.PictureDecoder;
import io.facestream.gallery.strangers.StrangersConfig;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicAdmin;
import io.facestream.models.ModelRegistry;
import io.facestream.stages.StageWork;
import io.facestream.stages.Stages;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.util.List;
import java.util.OptionalDouble;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.config.Config;

/** {@code labelled-faces} to the gallery, with an answer for every photo on {@code enrolments}. */
@ApplicationScoped
public class EnrolmentStage {
    static final String NAME = "enrolment";

    private final Stages stages;
    private final Instance<DataSource> dataSource;
    private final EnrolmentConfig config;
    private final DetectionConfig detection;
    private final EmbeddingConfig embedding;
    private final PictureBounds bounds;
    private final StrangersConfig strangers;
    private final MeterRegistry metrics;
    private final KafkaConnection kafka;
    private GalleryUpkeep upkeep;

    /** @param dataSource present if the role is switched on */
    EnrolmentStage(
            Stages stages,
            Instance<DataSource> dataSource,
            EnrolmentConfig config,
            DetectionConfig detection,
            EmbeddingConfig embedding,
            PictureBounds bounds,
            StrangersConfig strangers,
            MeterRegistry metrics,
            Config properties) {
        this.stages = stages;
        this.dataSource = dataSource;
        this.config = config;
        this.detection = detection;
        this.embedding = embedding;
        this.bounds = bounds;
        this.strangers = strangers;
        this.metrics = metrics;
        this.kafka = KafkaConnection.from(properties);
    }

    void start(@Observes StartupEvent event) {
        if (!config.enabled()) {
            return;
        }
        stages.start(
                NAME,
                Topic.LABELLED_FACES,
                List.of(Topic.ENROLMENTS),
                config,
                () -> work(FaceDetectors.load(detection)));
        upkeep = new GalleryUpkeep(dataSource.get(), () -> TopicAdmin.keeps(kafka, Topic.LABELLED_FACES));
        upkeep.start();
    }

    private StageWork work(FaceDetectors detectors) {
        PictureDecoder decoder = new PictureDecoder(bounds);
        ModelRegistry registry = new ModelRegistry(dataSource.get());
        OptionalDouble strangersFpir =
                strangers.keep().isPresent() ? OptionalDouble.of(strangers.targetFpir()) : OptionalDouble.empty();
        return StageWork.ofBatches(() -> {
                    EnrolmentGate gate = new EnrolmentGate(
                            decoder, new FaceFinder(detectors.detector()), config, detection.detector());
                    return new EnrolmentBatch(new Enroller(gate, registry, embedding.device(), strangersFpir), metrics);
                })
                .withWeight(EnrolmentStage::pixels, config.maxBatchPixels());
    }

    private static long pixels(ConsumerRecord<byte[], byte[]> record) {
        return record.value() == null ? 1 : Math.max(1, PictureDecoder.announcedPixels(record.value()));
    }

    /** Runs while the database is still available. */
    void stop(@Observes ShutdownEvent event) {
        if (upkeep != null) {
            upkeep.close();
        }
    }
}
