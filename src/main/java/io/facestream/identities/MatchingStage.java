package io.facestream.identities;

import io.facestream.gallery.GallerySearch;
import io.facestream.gallery.strangers.StrangerSearch;
import io.facestream.gallery.strangers.StrangersConfig;
import io.facestream.messaging.Topic;
import io.facestream.models.ModelRegistry;
import io.facestream.stages.StageWork;
import io.facestream.stages.Stages;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.util.List;
import javax.sql.DataSource;

/** {@code face-embeddings} to {@code identity-events}; reads the database only. */
@ApplicationScoped
public class MatchingStage {
    private final Stages stages;
    private final MatchingConfig config;
    private final StrangersConfig strangers;
    private final Instance<DataSource> dataSource;
    private final MeterRegistry metrics;

    /** @param dataSource present if the role is switched on */
    MatchingStage(
            Stages stages,
            MatchingConfig config,
            StrangersConfig strangers,
            Instance<DataSource> dataSource,
            MeterRegistry metrics) {
        this.stages = stages;
        this.config = config;
        this.strangers = strangers;
        this.dataSource = dataSource;
        this.metrics = metrics;
    }

    void start(@Observes StartupEvent event) {
        if (!config.enabled()) {
            return;
        }
        ModelRegistry registry = new ModelRegistry(dataSource.get());
        GallerySearch gallery = new GallerySearch(dataSource.get());
        Matcher matcher = new Matcher(
                gallery, config, strangers.keep().map(keep -> new StrangerSearch(dataSource.get(), strangers)));
        Gauge.builder("facestream.gallery.people", matcher, Matcher::people)
                .description("People with a template at the last match")
                .register(metrics);
        stages.start(
                MatchingBatch.STAGE,
                Topic.FACE_EMBEDDINGS,
                List.of(Topic.IDENTITY_EVENTS),
                config,
                () -> StageWork.ofBatches(
                                () -> new MatchingBatch(registry, matcher, new RecallSample(gallery, config, metrics)))
                        .withCpuLimit(config.recordCpuLimit()));
    }
}
