package io.facestream.web.news;

import io.facestream.database.Refusal;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicAdmin;
import io.facestream.messaging.TopicsConfig;
import io.facestream.sightings.message.SightingReader;
import io.facestream.web.WebConfig;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/** Hears of visits, and of changes that people made to them. */
@ApplicationScoped
class NewsTopic {
    private static final Logger LOG = Logger.getLogger(NewsTopic.class);

    private final boolean enabled;
    private final KafkaConnection kafka;
    private final TopicsConfig topics;
    private final News news;
    private final SightingReader reader = new SightingReader(() -> {});

    NewsTopic(WebConfig config, TopicsConfig topics, Config properties, News news) {
        this.enabled = config.enabled();
        this.kafka = KafkaConnection.from(properties);
        this.topics = topics;
        this.news = news;
    }

    /** Makes the topics where they are absent, without waiting: the role starts without a broker. */
    void start(@Observes StartupEvent event) {
        if (enabled) {
            Infrastructure.getDefaultWorkerPool().execute(this::ensureTopics);
        }
    }

    private void ensureTopics() {
        try {
            TopicAdmin.ensure(kafka, topics, List.of(Topic.SIGHTINGS, Topic.GALLERY_EVENTS));
        } catch (RuntimeException e) {
            LOG.warnf("open pages wait for the topics of visits: %s", Refusal.oneLine(e));
        }
    }

    @Incoming("live-visits")
    @NonBlocking
    void hear(ConsumerRecord<byte[], byte[]> record) {
        if (!news.isListening()) {
            return;
        }
        if (record.topic().equals(Topic.GALLERY_EVENTS.topicName())) {
            news.changed();
        } else {
            reader.read(record).ifPresent(visit -> news.visit(record.partition(), visit));
        }
    }
}
