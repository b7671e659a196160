package io.facestream.sightings.streams;

import static io.facestream.sightings.streams.FilmedCamera.Shown.at;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.embedded.EmbeddedKafka;
import io.facestream.messaging.Json;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.TestTopicsConfig;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicAdmin;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.streams.FilmedCamera.Filmed;
import io.facestream.sightings.streams.FilmedCamera.Shown;
import io.facestream.sightings.streams.FilmedCamera.Somebody;
import io.facestream.stages.ChildJvm;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Visits over a real broker, with replicas that come, go and are killed in the middle of them. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SightingsStreamsTest {
    private static final int PARTITIONS = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir
    Path folder;

    private EmbeddedKafka broker;
    private KafkaConnection connection;
    private KafkaProducer<byte[], byte[]> producer;
    private final FilmedCamera lobby = new FilmedCamera("lobby", 0);
    private final FilmedCamera door = new FilmedCamera("door", 1);
    private final Somebody ada = new Somebody("Ada", true);
    private final Somebody stranger = new Somebody("Stranger", false);

    @BeforeEach
    void startBroker() throws Exception {
        broker = EmbeddedKafka.start(folder, 0);
        connection = KafkaConnection.to(broker.bootstrapServers());
        TopicAdmin.ensure(
                connection,
                new TestTopicsConfig(PARTITIONS, true),
                List.of(Topic.FACE_EMBEDDINGS, Topic.IDENTITY_EVENTS, Topic.SIGHTINGS, Topic.REJECTED_RECORDS));
        producer = connection.producer(Map.of());
    }

    @AfterEach
    void stopBroker() {
        producer.close(Duration.ZERO);
        broker.close();
    }

    /** A minute of both cameras: somebody who stays and leaves, and somebody who passes by again and again. */
    private List<Filmed> aMinute() {
        List<Filmed> filmed = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            Duration time = Duration.ofMillis(i * 200L);
            List<Shown> shown = new ArrayList<>();
            if (i < 220) {
                shown.add(at(ada, 300 + i % 50, 300));
            }
            if (i % 100 < 30) {
                shown.add(at(stranger, 100 + 20 * (i % 100), 500));
            }
            filmed.add(lobby.film(time, shown.toArray(Shown[]::new)));
            filmed.add(door.film(time, i % 60 < 20 ? new Shown[] {at(ada, 600, 300)} : new Shown[0]));
        }
        return filmed;
    }

    private void send(List<Filmed> filmed) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (Filmed frame : filmed) {
            frame.vectors().forEach(record -> sent.add(producer.send(record)));
            frame.events().forEach(record -> sent.add(producer.send(record)));
        }
        producer.flush();
        // A record that did not arrive is not one that was lost later.
        assertThat(sent).allSatisfy(each -> assertThat(each.get().hasOffset()).isTrue());
    }

    private List<Sighting> committed() {
        List<Sighting> found = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records(Topic.SIGHTINGS)) {
            try {
                Sighting sighting = Json.read(record.value(), Sighting.class);
                assertThat(record.partition()).isEqualTo(sighting.camera().equals("lobby") ? 0 : 1);
                assertThat(new String(record.key(), UTF_8)).isEqualTo(sighting.camera());
                found.add(sighting);
            } catch (RejectedException e) {
                throw new AssertionError(e);
            }
        }
        return found;
    }

    private List<ConsumerRecord<byte[], byte[]>> records(Topic topic) {
        return records(topic.topicName());
    }

    private List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = connection.consumer(Map.of())) {
            List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(100)).forEach(found::add);
            }
        }
        return found;
    }

    private static Map<String, String> rows(List<Sighting> told) {
        Map<String, String> rows = new TreeMap<>();
        told.forEach(row -> rows.put(
                row.source() + " " + row.sightingId(),
                row.subject().identityId() + " " + row.firstSeen() + " " + row.lastSeen() + " " + row.frames()));
        return rows;
    }

    /** The final rows of the same frames without a broker. */
    private static Map<String, String> expected(List<Filmed> filmed) {
        try (DrivenTopology driven = new DrivenTopology()) {
            filmed.forEach(driven::read);
            return rows(List.copyOf(driven.rows().values()));
        }
    }

    private void awaitRows(List<Filmed> filmed) {
        Map<String, String> expected = expected(filmed);
        try {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(300))
                    .untilAsserted(() -> assertThat(rows(committed())).isEqualTo(expected));
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(whereFacesWent(), e);
        }
        assertEachMessageOnce(committed());
    }

    /** What tells a face that was lost from one that is late: all that was left out, and what waits in the changelog. */
    private String whereFacesWent() {
        List<String> waiting = lastRows(SightingsStreams.APPLICATION + "-" + SightingsProcessor.PENDING + "-changelog");
        return "frames left out: " + SightingsReplica.leftOut() + "; rejected: "
                + records(Topic.REJECTED_RECORDS).size() + "; committed: " + committedOffsets()
                + "; rows that wait: " + waiting;
    }

    /** The keys of a changelog that have a value, and the partition and offset of that. */
    private List<String> lastRows(String changelog) {
        Map<String, String> rows = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : records(changelog)) {
            RowKey key = RowKey.read(record.key());
            ByteBuffer numbers = key.buffer();
            String name = key.camera() + " frame " + numbers.getLong() + " " + RowKey.Part.values()[numbers.get()] + " "
                    + numbers.getInt();
            if (record.value() == null) {
                rows.remove(name);
            } else {
                rows.put(name, name + " at " + record.partition() + "@" + record.offset());
            }
        }
        return List.copyOf(rows.values());
    }

    /** How far the group has read its inputs. */
    private String committedOffsets() {
        try (Admin admin = connection.admin()) {
            return new TreeMap<>(admin
                            .listConsumerGroupOffsets(SightingsStreams.APPLICATION)
                            .partitionsToOffsetAndMetadata()
                            .get()
                            .entrySet()
                            .stream()
                            .collect(Collectors.toMap(entry -> entry.getKey().toString(), entry -> entry.getValue()
                                    .offset())))
                    .toString();
        } catch (ExecutionException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e.toString();
        }
    }

    private static void assertEachMessageOnce(List<Sighting> told) {
        Map<String, Integer> last = new TreeMap<>();
        for (Sighting each : told) {
            String visit = each.source() + " " + each.sightingId();
            assertThat(each.sequence()).as(visit).isEqualTo(last.getOrDefault(visit, 0) + 1);
            last.put(visit, each.sequence());
        }
    }

    @Test
    void somebodyAppearsIsNamedAndLeavesThoughTheCameraFallsSilent() {
        try (SightingsStreams streams = SightingsReplica.start(broker.bootstrapServers(), "replica-0")) {
            for (int i = 0; i < 10; i++) {
                send(List.of(lobby.film(Duration.ofMillis(i * 200L), at(ada, 300, 300))));
            }
            Awaitility.await().atMost(PATIENCE).untilAsserted(() -> assertThat(committed())
                    .extracting(Sighting::change)
                    .containsExactly(Sighting.Change.APPEARED, Sighting.Change.UPDATED, Sighting.Change.LEFT));

            assertThat(committed().get(2).subject().name()).isEqualTo("Ada");
            assertThat(committed().get(2).frames()).isEqualTo(10);
            assertThat(streams.hasBegun()).isTrue();
            assertThat(streams.sinceLastGoodStep()).isLessThan(Duration.ofSeconds(5));
            assertThat(streams.done())
                    .containsKeys(
                            new TopicPartition(SightingsTopic.VECTORS, 0),
                            new TopicPartition(SightingsTopic.EVENTS, 1));
        }
    }

    @Test
    void aReplicaThatIsKilledInMidVisitLosesAndDoublesNothing() throws Exception {
        List<Filmed> filmed = aMinute();
        try (ChildJvm replica = ChildJvm.start(SightingsReplica.class, broker.bootstrapServers(), "replica-0")) {
            replica.awaitLine("started");
            send(filmed.subList(0, 200));
            Awaitility.await().atMost(PATIENCE).until(() -> committed().size() >= 4);
            send(filmed.subList(200, 260));
            replica.close(); // killed
        }
        assertThat(rows(committed())).isNotEqualTo(expected(filmed));

        try (SightingsStreams successor = SightingsReplica.start(broker.bootstrapServers(), "replica-1")) {
            send(filmed.subList(260, filmed.size()));
            awaitRows(filmed);
        }
    }

    @Test
    void replicasThatComeAndGoHandOpenVisitsOver() throws Exception {
        List<Filmed> filmed = aMinute();
        SightingsStreams first = SightingsReplica.start(broker.bootstrapServers(), "replica-0");
        send(filmed.subList(0, 150));
        Awaitility.await().atMost(PATIENCE).until(() -> committed().size() >= 3);
        try (SightingsStreams second = SightingsReplica.start(broker.bootstrapServers(), "replica-1")) {
            Awaitility.await().atMost(PATIENCE).until(() -> !second.done().isEmpty());
            send(filmed.subList(150, 400));
            first.close();
            send(filmed.subList(400, filmed.size()));
            awaitRows(filmed);
        }
    }

    @Test
    void theChangelogsAreCleanedWithinAnHourAndTheirPartitionsAreChecked() throws Exception {
        Changelogs.ensure(connection, "facestream-sightings", true);

        try (Admin admin = connection.admin()) {
            String changelog = "facestream-sightings-visits-changelog";
            ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, changelog);
            var config = admin.describeConfigs(List.of(resource)).all().get().get(resource);
            assertThat(config.get("cleanup.policy").value()).isEqualTo("compact");
            for (String name : List.of("segment.ms", "max.compaction.lag.ms", "delete.retention.ms")) {
                assertThat(config.get(name).value()).as(name).isEqualTo("3600000");
            }
            admin.createTopics(List.of(new NewTopic("other-pending-changelog", 3, (short) 1)))
                    .all()
                    .get();
        }
        assertThatThrownBy(() -> Changelogs.ensure(connection, "other", true))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(
                        "need as many partitions as face-embeddings has, 2, but have" + " {other-pending-changelog=3}");
        assertThatThrownBy(() -> Changelogs.ensure(connection, "absent", false))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("absent-visits-changelog")
                .hasMessageContaining("facestream.topics.create=true");
    }

    @Test
    void aPoisonRecordIsRejectedAndNothingElseIsLost() {
        List<Filmed> filmed = aMinute();
        try (SightingsStreams streams = SightingsReplica.start(broker.bootstrapServers(), "replica-0")) {
            send(filmed.subList(0, 100));
            producer.send(new ProducerRecord<>(SightingsTopic.EVENTS, 0, "lobby".getBytes(UTF_8), "{".getBytes(UTF_8)));
            producer.send(new ProducerRecord<>(SightingsTopic.VECTORS, 1, null, null));
            send(filmed.subList(100, filmed.size()));

            awaitRows(filmed);
            assertThat(records(Topic.REJECTED_RECORDS)).hasSize(2);
            assertThat(streams.hasBegun()).isTrue();
        }
    }
}
