package io.facestream.embeddings;

import io.facestream.messaging.Topic;
import io.facestream.models.ModelRegistry;
import io.facestream.stages.StageWork;
import io.facestream.stages.Stages;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.interceptor.Interceptor;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** {@code detected-faces} to {@code face-embeddings}; reads the active version and its weights from the database. */
@ApplicationScoped
public class EmbeddingStage {
    private final Stages stages;
    private final EmbeddingConfig config;
    private final Instance<DataSource> dataSource;
    private final MeterRegistry metrics;
    private ReleaseWatch watch;

    /** @param dataSource present if the role is switched on */
    EmbeddingStage(Stages stages, EmbeddingConfig config, Instance<DataSource> dataSource, MeterRegistry metrics) {
        this.stages = stages;
        this.config = config;
        this.dataSource = dataSource;
        this.metrics = metrics;
    }

    /** Before the channels begin, which SmallRye starts as a library. */
    void start(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE - 1) StartupEvent event) throws SQLException {
        if (!config.enabled()) {
            return;
        }
        MultiGauge inUse = MultiGauge.builder("facestream.model.in.use")
                .description("1 for the model version in use")
                .register(metrics);
        ActiveNetwork network = new ActiveNetwork(
                new ModelRegistry(dataSource.get()),
                config.device(),
                version -> inUse.register(List.of(Row.of(Tags.of("version", version), 1)), true));
        int threads =
                config.threads() > 0 ? config.threads() : Runtime.getRuntime().availableProcessors();
        stages.start(
                EmbeddingBatch.STAGE,
                Topic.DETECTED_FACES,
                List.of(Topic.FACE_EMBEDDINGS, Topic.MODEL_RELEASES),
                config,
                () -> StageWork.ofBatches(() -> new EmbeddingBatch(network, threads))
                        .withCpuLimit(config.recordCpuLimit()));
        watch = new ReleaseWatch(network, config.registryInterval());
        watch.start();
    }

    /** Some process says that another version is active: the registry has the truth. */
    @Incoming("model-releases")
    @NonBlocking
    void released(ConsumerRecord<byte[], byte[]> release) {
        watch.nudge();
    }

    /** Runs while the database is still available. */
    void stop(@Observes ShutdownEvent event) {
        if (watch != null) {
            watch.close();
        }
    }
}
