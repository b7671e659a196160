package io.facestream.curation;

import io.facestream.embeddings.EmbeddingConfig;
import io.facestream.enrolment.EnrolmentConfig;
import io.facestream.enrolment.QualityGate;
import io.facestream.faces.ChipTopic;
import io.facestream.gallery.LiveNetworks;
import io.facestream.gallery.strangers.StrangersConfig;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.Topic;
import io.facestream.models.ModelRegistry;
import io.facestream.stages.StageWork;
import io.facestream.stages.Stages;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import javax.sql.DataSource;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.eclipse.microprofile.config.Config;

/** {@code gallery-commands} to the gallery, with an answer to each on {@code gallery-events}. */
@ApplicationScoped
public class CurationStage {
    static final String NAME = "curation";

    /** Between two looks at an erasure: as often as brokers look for what is to be deleted. */
    private static final Duration VERIFICATION_INTERVAL = Duration.ofMinutes(5);

    private final Stages stages;
    private final Instance<DataSource> dataSource;
    private final CurationConfig config;
    private final NegativesConfig negatives;
    private final EmbeddingConfig embedding;
    private final EnrolmentConfig enrolment;
    private final StrangersConfig strangers;
    private final KafkaConnection kafka;
    private final MeterRegistry metrics;
    private FaceChips chips;
    private CurationWorker worker;
    private KafkaProducer<byte[], byte[]> producer;

    /** @param dataSource present if the role is switched on */
    CurationStage(
            Stages stages,
            Instance<DataSource> dataSource,
            CurationConfig config,
            NegativesConfig negatives,
            EmbeddingConfig embedding,
            EnrolmentConfig enrolment,
            StrangersConfig strangers,
            MeterRegistry metrics,
            Config properties) {
        this.stages = stages;
        this.dataSource = dataSource;
        this.config = config;
        this.negatives = negatives;
        this.embedding = embedding;
        this.enrolment = enrolment;
        this.strangers = strangers;
        this.metrics = metrics;
        this.kafka = KafkaConnection.from(properties);
    }

    void start(@Observes StartupEvent event) {
        if (!config.enabled()) {
            return;
        }
        CommandStore store =
                new CommandStore(dataSource.get(), UUID.randomUUID().toString(), config.lease());
        CurationMetrics counts = new CurationMetrics(metrics);
        Verification verification = new Verification(
                new ReceiptStore(dataSource.get()),
                new TopicRemains(kafka, Topic.holdingPeople()),
                (erasure, verified) -> publish(EventsTopic.verified(erasure.toString(), verified)),
                counts,
                VERIFICATION_INTERVAL);
        chips = new FaceChips(
                () -> new ChipTopic(kafka, "facestream-curation-chips"),
                new LiveNetworks(new ModelRegistry(dataSource.get()), embedding.device()));
        worker = new CurationWorker(
                dataSource.get(),
                store,
                new CommandFaces(dataSource.get(), chips, new QualityGate(enrolment)),
                (command, answer) -> publish(EventsTopic.record(command.toString(), answer)),
                verification,
                config,
                negatives.keep(),
                counts,
                new StrangerKeeping(chips, strangers));
        stages.start(
                NAME,
                Topic.GALLERY_COMMANDS,
                List.of(Topic.GALLERY_EVENTS),
                config,
                () -> StageWork.ofBatches(() -> new CommandBatch(store, worker::wake)));
        producer = kafka.producer(Map.of("enable.idempotence", true, "max.block.ms", 10_000));
        worker.start();
    }

    private void publish(ProducerRecord<byte[], byte[]> event) {
        try {
            producer.send(event).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", e);
        } catch (ExecutionException e) {
            throw new KafkaException("the broker did not take an event", e.getCause());
        }
    }

    /** Runs while the database is still available. */
    void stop(@Observes ShutdownEvent event) {
        if (worker != null) {
            worker.close();
            chips.close();
            producer.close(Duration.ofSeconds(3));
        }
    }
}
