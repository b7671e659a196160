package io.facestream.web.cameras;

import io.facestream.cameras.states.CameraStatesTopic;
import io.facestream.database.Refusal;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.TopicsConfig;
import io.facestream.web.WebConfig;
import io.facestream.web.visits.Camera;
import io.facestream.web.visits.Visits;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/** All cameras: those that are filmed, and those that were visited. */
@ApplicationScoped
public class Cameras {
    private static final Logger LOG = Logger.getLogger(Cameras.class);

    /** Of which states are kept; of the role's processes, each films 500 by default. */
    private static final int MOST = 10_000;

    /** A camera that nobody has filmed for that long is forgotten. */
    private static final Duration GONE = Duration.ofDays(1);

    private final boolean enabled;
    private final KafkaConnection kafka;
    private final TopicsConfig topics;
    private final Visits visits;
    private final Map<String, CameraStatesTopic.Entry> states = new ConcurrentSkipListMap<>();

    Cameras(WebConfig config, TopicsConfig topics, Config properties, Visits visits) {
        this.enabled = config.enabled();
        this.kafka = KafkaConnection.from(properties);
        this.topics = topics;
        this.visits = visits;
    }

    /** Makes the topic where it is absent, without waiting: the role starts without a broker. */
    void start(@Observes StartupEvent event) {
        if (enabled) {
            Infrastructure.getDefaultWorkerPool().execute(this::ensureTopic);
        }
    }

    private void ensureTopic() {
        try {
            CameraStatesTopic.ensure(kafka, topics);
        } catch (RuntimeException e) {
            LOG.warnf("the page does not know how cameras do: %s", Refusal.oneLine(e));
        }
    }

    @Incoming("camera-states")
    @NonBlocking
    void take(ConsumerRecord<byte[], byte[]> record) {
        try {
            CameraStatesTopic.Entry entry = CameraStatesTopic.read(record);
            if (entry.state() == null) {
                states.remove(entry.camera());
            } else if (states.size() < MOST || states.containsKey(entry.camera())) {
                states.put(entry.camera(), entry);
            }
        } catch (RejectedException | RuntimeException e) {
            LOG.debugf(e, "%s-%d@%d is not shown", record.topic(), record.partition(), record.offset());
        }
    }

    /** How those do that are filmed, by name. */
    public Map<String, Filming> filmed() {
        Instant now = Instant.now();
        states.values().removeIf(entry -> entry.heard().isBefore(now.minus(GONE)));
        Map<String, Filming> filmed = new TreeMap<>();
        states.forEach((camera, entry) -> filmed.put(camera, Filming.of(entry, now)));
        return filmed;
    }

    /** Those that were visited, the latest first, and then the others that are filmed, by name. */
    public List<KnownCamera> all() throws SQLException {
        Map<String, Filming> filmed = filmed();
        List<KnownCamera> all = new ArrayList<>();
        for (Camera visited : visits.cameras()) {
            all.add(new KnownCamera(visited.name(), visited.lastSeen(), filmed.remove(visited.name())));
        }
        filmed.forEach((name, filming) -> all.add(new KnownCamera(name, null, filming)));
        return all;
    }
}
