package io.facestream.sightings;

import io.facestream.gallery.strangers.StrangersConfig;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicsConfig;
import io.facestream.sightings.streams.SightingsMetrics;
import io.facestream.sightings.streams.SightingsStreams;
import io.facestream.sightings.visits.StrangerRules;
import io.facestream.sightings.visits.VisitRules;
import io.facestream.sightings.vote.VoteRules;
import io.facestream.stages.Stages;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.util.List;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/** {@code identity-events} and {@code face-embeddings} to {@code sightings}. */
@ApplicationScoped
public class SightingsStage {
    private static final Logger LOG = Logger.getLogger(SightingsStage.class);
    private static final String NAME = "sightings";

    private final Stages stages;
    private final Config config;
    private final TopicsConfig topics;
    private final SightingsConfig sightings;
    private final StrangersConfig strangers;
    private final MeterRegistry metrics;
    private AutoCloseable running = () -> {};

    SightingsStage(
            Stages stages,
            Config config,
            TopicsConfig topics,
            SightingsConfig sightings,
            StrangersConfig strangers,
            MeterRegistry metrics) {
        this.stages = stages;
        this.config = config;
        this.topics = topics;
        this.sightings = sightings;
        this.strangers = strangers;
        this.metrics = metrics;
    }

    /** Before the channels begin, which SmallRye starts as a library: the projection reads a topic made here. */
    void start(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE - 1) StartupEvent event) {
        if (!sightings.enabled()) {
            return;
        }
        VisitRules rules = rules(sightings, strangers);
        stages.ensureTopics(
                List.of(Topic.FACE_EMBEDDINGS, Topic.IDENTITY_EVENTS, Topic.SIGHTINGS, Topic.REJECTED_RECORDS));
        if (rules.strangers().isPresent()) {
            stages.ensureTopics(List.of(Topic.GALLERY_COMMANDS));
        }
        SightingsStreams streams = new SightingsStreams(
                KafkaConnection.from(config),
                new SightingsStreams.Settings(
                        stages.instance(), sightings.threads(), sightings.mostPending(), topics.create()),
                rules,
                new SightingsMetrics(metrics));
        stages.watch(NAME, streams, streams::hasBegun);
        streams.start();
        running = streams;
        LOG.infof(
                "%s reads %s and %s with %d thread(s) as %s",
                NAME,
                Topic.IDENTITY_EVENTS.topicName(),
                Topic.FACE_EMBEDDINGS.topicName(),
                sightings.threads(),
                stages.instance());
    }

    /** @throws IllegalStateException naming the settings that contradict each other */
    public static VisitRules rules(SightingsConfig config, StrangersConfig strangers) {
        if (config.rejoin().compareTo(config.absence()) < 0) {
            throw new IllegalStateException("facestream.sightings.rejoin=" + config.rejoin()
                    + " is shorter than facestream.sightings.absence=" + config.absence()
                    + ": make it at least as long");
        }
        return new VisitRules(
                new VoteRules(config.confirm(), config.nameSpan(), config.confirmProbability()),
                config.absence(),
                config.rejoin(),
                config.updateInterval(),
                strangers.keep().map(keep -> StrangerRules.of(strangers)));
    }

    void stop(@Observes ShutdownEvent event) throws Exception {
        running.close();
    }
}
