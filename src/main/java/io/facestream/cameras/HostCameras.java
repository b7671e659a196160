package io.facestream.cameras;

import io.facestream.cameras.sending.Lease;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.TopicsConfig;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * The cameras that only this host can film, webcams and recordings above all: whichever replica has their partition in
 * the group, they are filmed here. So this reads all partitions, without the group. Nobody else takes such a camera
 * over, and two processes with the same host's name fence each other.
 */
final class HostCameras extends Reader implements DefinitionsTopic.Listener {
    /** For a process that was fenced by another one with the same host's name; a person has to see that. */
    private static final Duration PAUSE_AFTER_FENCE = Duration.ofMinutes(1);

    private static final Duration HANDING_OVER = Duration.ofSeconds(5);

    private final KafkaConnection connection;
    private final TopicsConfig topics;
    private final String host;
    private final CameraSettings settings;
    private final MeterRegistry registry;
    private final Fleet fleet;

    private DefinitionsTopic definitions;
    private Crew crew;

    HostCameras(
            KafkaConnection connection,
            TopicsConfig topics,
            String host,
            CameraSettings settings,
            MeterRegistry registry,
            Fleet fleet) {
        super("facestream-cameras-host-" + host);
        this.connection = connection;
        this.topics = topics;
        this.host = host;
        this.settings = settings;
        this.registry = registry;
        this.fleet = fleet;
    }

    @Override
    KafkaConsumer<byte[], byte[]> open() {
        DefinitionsTopic.ensure(connection, topics);
        return DefinitionsTopic.consumer(connection, Map.of());
    }

    @Override
    void begin(KafkaConsumer<byte[], byte[]> opened) {
        definitions = new DefinitionsTopic(opened, this, fleet);
        crew = new Crew(connection, member(), Lease.ENDLESS, PAUSE_AFTER_FENCE, settings, registry, fleet);
        List<TopicPartition> all = opened.partitionsFor(DefinitionsTopic.name()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        opened.assign(all);
        definitions.begin(all);
    }

    @Override
    boolean step() {
        definitions.poll();
        if (definitions.isComplete()) {
            crew.look();
        }
        return definitions.isComplete();
    }

    @Override
    public void complete(TopicPartition partition, Collection<CamerasTopic.Entry> entries) {
        entries.stream().filter(this::isHere).forEach(crew::set);
    }

    @Override
    public void changed(TopicPartition partition, CamerasTopic.Entry entry) {
        if (isHere(entry) || entry.isGone()) {
            crew.set(entry);
        } else {
            crew.leave(entry.camera());
        }
    }

    private boolean isHere(CamerasTopic.Entry entry) {
        return entry.definition() != null && host.equals(entry.definition().host());
    }

    @Override
    void end() {
        if (crew != null) {
            crew.close(HANDING_OVER);
        }
    }
}
