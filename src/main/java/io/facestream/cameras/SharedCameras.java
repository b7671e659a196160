package io.facestream.cameras;

import io.facestream.cameras.sending.Lease;
import io.facestream.messaging.Heartbeats;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.TopicsConfig;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * The cameras that any host can film. The replicas share them by partition of {@code cameras}, as a consumer group that
 * commits nothing.
 *
 * <pre>
 *  assigned --> read from beginning to end --> a crew films --> revoked: its cameras stop before the group hears of it
 *                                                  |      `---> lost, or no heartbeat for a session: they stop at once
 *                                                  `--> a record changes, adds or ends a camera
 * </pre>
 */
final class SharedCameras extends Reader implements ConsumerRebalanceListener, DefinitionsTopic.Listener {
    private static final Logger LOG = Logger.getLogger(SharedCameras.class);

    /** As the stages have it: after a kill, others film within about 10 s. */
    static final Duration SESSION = Duration.ofSeconds(10);

    private static final Duration HEARTBEAT = Duration.ofSeconds(3);

    /** What an answer to a heartbeat, and its being noticed, may take at most for the lease to be shorter. */
    private static final Duration MARGIN = Duration.ofSeconds(2);

    private static final Duration HANDING_OVER = Duration.ofSeconds(5);

    private final KafkaConnection connection;
    private final TopicsConfig topics;
    private final CameraSettings settings;
    private final MeterRegistry registry;
    private final Fleet fleet;
    private final Lease lease = new Lease(SESSION.minus(MARGIN));
    private final Map<TopicPartition, Crew> crews = new HashMap<>();

    private DefinitionsTopic definitions;
    private Heartbeats heartbeats;
    private long lookedAt;

    SharedCameras(
            KafkaConnection connection,
            TopicsConfig topics,
            String instance,
            CameraSettings settings,
            MeterRegistry registry,
            Fleet fleet) {
        super("facestream-cameras-" + instance);
        this.connection = connection;
        this.topics = topics;
        this.settings = settings;
        this.registry = registry;
        this.fleet = fleet;
    }

    @Override
    KafkaConsumer<byte[], byte[]> open() {
        DefinitionsTopic.ensure(connection, topics);
        return DefinitionsTopic.consumer(
                connection,
                Map.of(
                        ConsumerConfig.GROUP_ID_CONFIG,
                        "facestream-cameras",
                        ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
                        member(),
                        // A replica that comes or goes moves its share only; the other cameras film on.
                        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                        CooperativeStickyAssignor.class.getName(),
                        ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                        (int) SESSION.toMillis(),
                        ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                        (int) HEARTBEAT.toMillis(),
                        ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
                        60_000));
    }

    @Override
    void begin(KafkaConsumer<byte[], byte[]> opened) {
        definitions = new DefinitionsTopic(opened, this, fleet);
        heartbeats = new Heartbeats(opened, SESSION);
        lookedAt = System.nanoTime();
        opened.subscribe(List.of(DefinitionsTopic.name()), this);
    }

    @Override
    boolean step() {
        definitions.poll();
        boolean inTouch = renew();
        crews.values().forEach(Crew::look);
        return inTouch;
    }

    /** Counts from the look before the answer was there, so never too long. */
    private boolean renew() {
        long now = System.nanoTime();
        if (heartbeats.hasNewAnswer()) {
            lease.renew(lookedAt);
        }
        lookedAt = now;
        return lease.holds();
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        if (!partitions.isEmpty()) {
            LOG.infof("%s: %d partitions of cameras to film", member(), partitions.size());
        }
        // Joining is an answer of the coordinator too.
        lease.renew(System.nanoTime());
        definitions.begin(partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        partitions.stream().map(crews::remove).filter(crew -> crew != null).forEach(crew -> crew.close(HANDING_OVER));
        definitions.end(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        partitions.stream().map(crews::remove).filter(crew -> crew != null).forEach(Crew::close);
        definitions.end(partitions);
    }

    @Override
    public void complete(TopicPartition partition, Collection<CamerasTopic.Entry> entries) {
        Crew crew = new Crew(
                connection,
                "facestream-cameras-" + partition.partition(),
                lease,
                SESSION.plus(MARGIN),
                settings,
                registry,
                fleet);
        entries.stream().filter(SharedCameras::isShared).forEach(crew::set);
        crews.put(partition, crew);
    }

    @Override
    public void changed(TopicPartition partition, CamerasTopic.Entry entry) {
        if (isShared(entry)) {
            crews.get(partition).set(entry);
        } else {
            crews.get(partition).leave(entry.camera());
        }
    }

    private static boolean isShared(CamerasTopic.Entry entry) {
        return entry.definition() == null || entry.definition().host() == null;
    }

    @Override
    void end() {
        crews.values().forEach(crew -> crew.close(HANDING_OVER));
        crews.clear();
    }
}
