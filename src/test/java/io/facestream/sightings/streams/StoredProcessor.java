package io.facestream.sightings.streams;

import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import io.facestream.sightings.message.Sighting;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.File;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Properties;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/** The processor with stores that outlive it, as they do in their changelogs. */
final class StoredProcessor {
    private final List<KeyValueStore<byte[], byte[]>> stores =
            List.of(store(SightingsProcessor.PENDING), store(SightingsProcessor.VISITS));
    private final List<Sighting> told = new ArrayList<>();
    private MockProcessorContext<byte[], ProducerRecord<byte[], byte[]>> context;
    private SightingsProcessor processor;
    private long wallClock = FilmedCamera.START.toEpochMilli();
    private long streamTime = -1;
    private long offset;

    StoredProcessor() {
        start();
    }

    private static KeyValueStore<byte[], byte[]> store(String name) {
        return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), Serdes.ByteArray(), Serdes.ByteArray())
                .withLoggingDisabled()
                .withCachingDisabled()
                .build();
    }

    private void start() {
        Properties properties = new Properties();
        properties.put("application.id", SightingsStreams.APPLICATION);
        properties.put("bootstrap.servers", "none:1");
        context = new MockProcessorContext<>(
                properties,
                new TaskId(0, 0),
                new File("target/stored-processor-" + ProcessHandle.current().pid()));
        // Kafka Streams does not tell the time before the first record or tick.
        context.setCurrentSystemTimeMs(0);
        context.setCurrentStreamTimeMs(streamTime);
        for (KeyValueStore<byte[], byte[]> store : stores) {
            if (!store.isOpen()) {
                store.init(context.getStateStoreContext(), store);
            }
            context.addStateStore(store);
        }
        InputEnd end = new InputEnd() {
            @Override
            public void processed(TopicPartition partition, long of) {}

            @Override
            public boolean isReached(int partition) {
                return true;
            }
        };
        processor = new SightingsProcessor(
                DrivenTopology.RULES,
                50_000,
                end,
                partition -> OptionalLong.of(0),
                new SightingsMetrics(new SimpleMeterRegistry()));
        processor.init(context);
    }

    /** Another process takes over, which has nothing but the stores, and has read nothing yet. */
    void restart() {
        collect();
        processor.close();
        streamTime = -1;
        start();
    }

    void read(ProducerRecord<byte[], byte[]> record) {
        Input.Side side = record.topic().equals(SightingsTopic.VECTORS) ? Input.Side.VECTORS : Input.Side.EVENTS;
        Input input = new InputReader(side).deserialize(record.topic(), record.headers(), record.value());
        streamTime = Math.max(streamTime, Math.max(0, input.appendedMillis()));
        context.setCurrentStreamTimeMs(streamTime);
        context.setCurrentSystemTimeMs(wallClock);
        context.setRecordMetadata(record.topic(), 0, offset++);
        processor.process(new Record<>(record.key(), input, streamTime, record.headers()));
    }

    /** Lets the wall clock go on, with a tick each second. */
    void pass(Duration time) {
        for (long second = 0; second < time.toSeconds(); second++) {
            wallClock += 1000;
            context.setCurrentSystemTimeMs(wallClock);
            context.scheduledPunctuators().forEach(each -> each.getPunctuator().punctuate(wallClock));
        }
    }

    private void collect() {
        for (var forwarded : context.forwarded(SightingsProcessor.TO_SIGHTINGS)) {
            try {
                told.add(Json.read(forwarded.record().value().value(), Sighting.class));
            } catch (RejectedException e) {
                throw new AssertionError(e);
            }
        }
        context.resetForwards();
    }

    /** Everything that was told, without names. */
    List<String> told() {
        collect();
        return told.stream()
                .map(each -> each.sightingId() + " " + each.sequence() + " " + each.change() + " "
                        + each.subject().identityId() + " " + each.firstSeen() + " " + each.lastSeen() + " "
                        + each.frames() + " " + each.best().eventId())
                .toList();
    }

    KeyValueStore<byte[], byte[]> store(int index) {
        return stores.get(index);
    }

    List<KeyValueStore<byte[], byte[]>> stores() {
        return stores;
    }
}
