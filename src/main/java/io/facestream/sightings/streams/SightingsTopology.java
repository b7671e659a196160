package io.facestream.sightings.streams;

import io.facestream.sightings.visits.VisitRules;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** How sources, processor, stores and sinks hang together. */
final class SightingsTopology {
    private static final String VECTORS = "vectors";
    private static final String EVENTS = "events";
    private static final String WORK = "sightings";

    /** A stage writes to the partition that it read from, whatever the key: the record carries it here. */
    private static final StreamPartitioner<byte[], ProducerRecord<byte[], byte[]>> AS_THE_RECORD_SAYS =
            (topic, key, record, partitions) ->
                    Optional.ofNullable(record.partition()).map(Set::of);

    private static final Serializer<ProducerRecord<byte[], byte[]>> VALUE = (topic, record) -> record.value();

    private SightingsTopology() {}

    static Topology of(VisitRules rules, int mostPending, InputEnd end, VectorLog vectorLog, SightingsMetrics metrics) {
        Topology topology = new Topology()
                .addSource(
                        AutoOffsetReset.earliest(),
                        VECTORS,
                        new FrameTime(),
                        new ByteArrayDeserializer(),
                        new InputReader(Input.Side.VECTORS),
                        SightingsTopic.VECTORS)
                .addSource(
                        AutoOffsetReset.earliest(),
                        EVENTS,
                        new FrameTime(),
                        new ByteArrayDeserializer(),
                        new InputReader(Input.Side.EVENTS),
                        SightingsTopic.EVENTS)
                .addProcessor(
                        WORK,
                        () -> new SightingsProcessor(rules, mostPending, end, vectorLog, metrics),
                        VECTORS,
                        EVENTS)
                .addStateStore(store(SightingsProcessor.PENDING), WORK)
                .addStateStore(store(SightingsProcessor.VISITS), WORK)
                .addSink(
                        SightingsProcessor.TO_SIGHTINGS,
                        SightingsTopic.SIGHTINGS,
                        new ByteArraySerializer(),
                        VALUE,
                        AS_THE_RECORD_SAYS,
                        WORK)
                .addSink(
                        SightingsProcessor.TO_REJECTED,
                        SightingsTopic.REJECTED,
                        new ByteArraySerializer(),
                        VALUE,
                        AS_THE_RECORD_SAYS,
                        WORK);
        if (rules.strangers().isPresent()) {
            topology.addSink(
                    SightingsProcessor.TO_COMMANDS,
                    SightingsTopic.COMMANDS,
                    new ByteArraySerializer(),
                    VALUE,
                    AS_THE_RECORD_SAYS,
                    WORK);
        }
        return topology;
    }

    private static StoreBuilder<?> store(String name) {
        return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), Serdes.ByteArray(), Serdes.ByteArray())
                .withLoggingEnabled(Map.of())
                .withCachingDisabled();
    }
}
