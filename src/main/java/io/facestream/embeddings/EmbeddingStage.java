package io.facestream.embeddings;

import io.facestream.messaging.Stages;
import io.facestream.messaging.Topic;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import io.facestream.models.Network;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;

/** {@code detected-faces} to {@code face-embeddings}; reads the active model version and its weights from the database. */
@ApplicationScoped
public class EmbeddingStage {
    static final String NAME = "embedding";

    private final Stages stages;
    private final EmbeddingConfig config;
    private final Instance<DataSource> dataSource;

    /** @param dataSource there where the role is switched on */
    EmbeddingStage(Stages stages, EmbeddingConfig config, Instance<DataSource> dataSource) {
        this.stages = stages;
        this.config = config;
        this.dataSource = dataSource;
    }

    void start(@Observes StartupEvent event) throws SQLException {
        if (!config.enabled()) {
            return;
        }
        ModelRegistry registry = new ModelRegistry(dataSource.get());
        ModelVersion active = registry.active();
        Network network = Network.load(active.version(), registry.weights(active), config.device());
        stages.start(
                NAME,
                Topic.DETECTED_FACES,
                List.of(Topic.FACE_EMBEDDINGS, Topic.REJECTED_RECORDS),
                config,
                () -> new EmbeddingBatch(new FaceEmbedder(network, active.inputSide()), active.version()));
    }
}
