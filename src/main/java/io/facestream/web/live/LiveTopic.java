package io.facestream.web.live;

import io.cloudevents.CloudEvent;
import io.facestream.database.Refusal;
import io.facestream.faces.FrameMark;
import io.facestream.frames.CameraFrame;
import io.facestream.identities.IdentityEvent;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicAdmin;
import io.facestream.messaging.TopicsConfig;
import io.facestream.web.WebConfig;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * Reads the two topics for the {@link Wall}. Frames are read while somebody watches; of the events only the marks,
 * since they say when each camera sent something.
 */
@ApplicationScoped
class LiveTopic {
    private static final Logger LOG = Logger.getLogger(LiveTopic.class);
    private static final String FRAMES = "live-frames";
    private static final long MOST_BYTES = 256L << 20;

    /** Of the memory of a small process. */
    private static final int SHARE = 8;

    /** Records before a partition's end at which reading begins, so that each camera shows something soon. */
    private static final int LOOK_BACK = 20;

    private final boolean enabled;
    private final KafkaConnection kafka;
    private final TopicsConfig topics;
    private final Instance<KafkaClientService> clients;
    private final Wall wall =
            new Wall(Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / SHARE), Clock.systemUTC());

    LiveTopic(WebConfig config, TopicsConfig topics, Config properties, Instance<KafkaClientService> clients) {
        this.enabled = config.enabled();
        this.kafka = KafkaConnection.from(properties);
        this.topics = topics;
        this.clients = clients;
    }

    /** Makes the topics where they are absent, without waiting: the role starts without a broker. */
    void start(@Observes StartupEvent event) {
        if (enabled) {
            Infrastructure.getDefaultWorkerPool().execute(this::ensureTopics);
        }
    }

    private void ensureTopics() {
        try {
            TopicAdmin.ensure(kafka, topics, List.of(Topic.CAMERA_FRAMES, Topic.IDENTITY_EVENTS));
        } catch (RuntimeException e) {
            LOG.warnf("the live view waits for its topics: %s", Refusal.oneLine(e));
        }
    }

    Wall wall() {
        return wall;
    }

    /** Shows the wall to those who begin to watch. */
    void watch(Consumer<LiveView> viewers) {
        wall.watch(viewers);
        onFrames(consumer -> {
            if (!wall.isWatched()) {
                return;
            }
            Map<TopicPartition, Long> first = consumer.beginningOffsets(consumer.assignment());
            consumer.endOffsets(consumer.assignment())
                    .forEach((partition, end) ->
                            consumer.seek(partition, Math.max(first.getOrDefault(partition, 0L), end - LOOK_BACK)));
            consumer.resume(consumer.assignment());
        });
    }

    /** Nobody watches any more. */
    void rest() {
        wall.rest();
        pause();
    }

    private void pause() {
        onFrames(consumer -> {
            if (!wall.isWatched()) {
                consumer.pause(consumer.assignment());
            }
        });
    }

    private void onFrames(Consumer<org.apache.kafka.clients.consumer.Consumer<byte[], byte[]>> step) {
        clients.get()
                .<byte[], byte[]>getConsumer(FRAMES)
                .runOnPollingThread(step)
                .subscribe()
                .with(
                        done -> {},
                        failure -> LOG.warnf("frames cannot be read for the page: %s", Refusal.oneLine(failure)));
    }

    @Incoming(FRAMES)
    @NonBlocking
    void frames(ConsumerRecords<byte[], byte[]> records) {
        if (wall.isWatched()) {
            records.forEach(this::frame);
        } else {
            pause();
        }
    }

    private void frame(ConsumerRecord<byte[], byte[]> record) {
        try {
            wall.frame(CameraFrame.of(record));
        } catch (RejectedException | RuntimeException e) {
            skip(record, e);
        }
    }

    @Incoming("live-events")
    @NonBlocking
    void events(ConsumerRecords<byte[], byte[]> records) {
        records.forEach(this::event);
    }

    private void event(ConsumerRecord<byte[], byte[]> record) {
        boolean isMark = FrameMark.TYPE.equals(type(record));
        if (record.value() == null || !isMark && !wall.isWatched()) {
            return;
        }
        try {
            CloudEvent event = CloudEventRecords.require(record);
            if (isMark) {
                wall.mark(Json.read(CloudEventRecords.data(event), FrameMark.class));
            } else if (event.getType().equals(IdentityEvent.TYPE)) {
                wall.face(Json.read(CloudEventRecords.data(event), IdentityEvent.class));
            }
        } catch (RejectedException | RuntimeException e) {
            skip(record, e);
        }
    }

    private static String type(ConsumerRecord<byte[], byte[]> record) {
        Header type = record.headers().lastHeader(CloudEventRecords.TYPE);
        return type == null || type.value() == null ? null : new String(type.value(), StandardCharsets.UTF_8);
    }

    private static void skip(ConsumerRecord<byte[], byte[]> record, Exception why) {
        LOG.debugf(why, "%s-%d@%d is not shown", record.topic(), record.partition(), record.offset());
    }
}
