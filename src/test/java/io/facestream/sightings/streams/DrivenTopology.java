package io.facestream.sightings.streams;

import io.facestream.curation.message.GalleryCommand;
import io.facestream.curation.message.GalleryCommand.KeepStranger;
import io.facestream.messaging.Json;
import io.facestream.messaging.RejectedException;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.visits.VisitRules;
import io.facestream.sightings.vote.VoteRules;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/** The topology without a broker, and what it has told so far. */
final class DrivenTopology implements AutoCloseable {
    static final VisitRules RULES = new VisitRules(
            new VoteRules(2, Duration.ofMillis(600), 0.999),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofMinutes(5));

    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    boolean readToTheEnd;
    OptionalLong firstFrame = OptionalLong.of(0);

    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> vectors;
    private final TestInputTopic<byte[], byte[]> events;
    private final TestOutputTopic<byte[], byte[]> sightings;
    private final TestOutputTopic<byte[], byte[]> rejected;
    private final TestOutputTopic<byte[], byte[]> commands;
    private final List<Sighting> told = new ArrayList<>();

    DrivenTopology() {
        this(50_000);
    }

    DrivenTopology(int mostPending) {
        this(mostPending, RULES);
    }

    DrivenTopology(int mostPending, VisitRules rules) {
        Properties properties = new Properties();
        properties.put("application.id", SightingsStreams.APPLICATION);
        properties.put("bootstrap.servers", "none:1");
        properties.put("processing.guarantee", "exactly_once_v2");
        properties.put(
                "state.dir",
                Path.of("target", "driven-topology-" + ProcessHandle.current().pid())
                        .toString());
        InputEnd end = new InputEnd() {
            @Override
            public void processed(TopicPartition partition, long offset) {}

            @Override
            public boolean isReached(int partition) {
                return readToTheEnd;
            }
        };
        driver = new TopologyTestDriver(
                SightingsTopology.of(rules, mostPending, end, partition -> firstFrame, new SightingsMetrics(metrics)),
                properties,
                FilmedCamera.START);
        vectors = driver.createInputTopic(SightingsTopic.VECTORS, new ByteArraySerializer(), new ByteArraySerializer());
        events = driver.createInputTopic(SightingsTopic.EVENTS, new ByteArraySerializer(), new ByteArraySerializer());
        sightings = driver.createOutputTopic(
                SightingsTopic.SIGHTINGS, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        rejected = driver.createOutputTopic(
                SightingsTopic.REJECTED, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        commands = driver.createOutputTopic(
                SightingsTopic.COMMANDS, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    void vectors(FilmedCamera.Filmed filmed) {
        filmed.vectors().forEach(record -> vectors.pipeInput(test(record)));
    }

    void events(FilmedCamera.Filmed filmed) {
        filmed.events().forEach(record -> events.pipeInput(test(record)));
    }

    void read(FilmedCamera.Filmed filmed) {
        vectors(filmed);
        events(filmed);
    }

    void vector(ProducerRecord<byte[], byte[]> record) {
        vectors.pipeInput(test(record));
    }

    void event(ProducerRecord<byte[], byte[]> record) {
        events.pipeInput(test(record));
    }

    private static TestRecord<byte[], byte[]> test(ProducerRecord<byte[], byte[]> record) {
        return new TestRecord<>(record.key(), record.value(), record.headers(), Instant.EPOCH);
    }

    /** Lets the wall clock go on. */
    void pass(Duration time) {
        driver.advanceWallClockTime(time);
    }

    /** What was told since the last call. */
    List<Sighting> told() {
        List<Sighting> fresh = new ArrayList<>();
        for (byte[] value : sightings.readValuesToList()) {
            try {
                fresh.add(Json.read(value, Sighting.class));
            } catch (RejectedException e) {
                throw new AssertionError(e);
            }
        }
        told.addAll(fresh);
        return fresh;
    }

    /** {@link Told#changes} since the last call. */
    List<String> changes() {
        return new Told(told()).changes();
    }

    /** All that was told so far. */
    Told all() {
        told();
        return new Told(List.copyOf(told));
    }

    /** The last message of each visit so far. */
    Map<String, Sighting> rows() {
        return all().rows();
    }

    /** Frames that were left out so far. */
    double skipped(String why) {
        return metrics.get("facestream.sightings.skipped.frames")
                .tag("why", why)
                .counter()
                .count();
    }

    List<TestRecord<byte[], byte[]>> rejected() {
        return rejected.readRecordsToList();
    }

    /** The commands to keep a stranger since the last call. */
    List<KeepStranger> commands() {
        return commands.readValuesToList().stream()
                .map(json -> {
                    try {
                        return (KeepStranger) GalleryCommand.read(json);
                    } catch (RejectedException e) {
                        throw new AssertionError(e);
                    }
                })
                .toList();
    }

    /** The rows of a store, as its changelog has them. */
    List<byte[]> rows(String store) {
        List<byte[]> rows = new ArrayList<>();
        driver.<byte[], byte[]>getKeyValueStore(store).all().forEachRemaining(row -> {
            rows.add(row.key);
            rows.add(row.value);
        });
        return rows;
    }

    @Override
    public void close() {
        driver.close();
    }
}
