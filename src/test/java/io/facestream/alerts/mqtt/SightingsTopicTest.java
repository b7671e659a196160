package io.facestream.alerts.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cloudevents.core.builder.CloudEventBuilder;
import io.facestream.embedded.EmbeddedKafka;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.TestTopicsConfig;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicAdmin;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.message.Sighting.Change;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real broker. */
class SightingsTopicTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Of its own: in another one the topic may have one partition. */
    private static EmbeddedKafka kafka;

    private final KafkaConnection connection = KafkaConnection.to(kafka.bootstrapServers());
    private final String run = UUID.randomUUID().toString();
    private final List<Replica> replicas = new ArrayList<>();
    private final AtomicInteger unreadable = new AtomicInteger();
    private KafkaProducer<byte[], byte[]> producer;

    @BeforeAll
    static void startKafka(@TempDir Path folder) throws Exception {
        kafka = EmbeddedKafka.start(folder, 0);
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @BeforeEach
    void begin() {
        TopicAdmin.ensure(connection, new TestTopicsConfig(6, true), List.of(Topic.SIGHTINGS));
        producer = connection.producer(Map.of());
    }

    @AfterEach
    void end() throws InterruptedException {
        for (Replica replica : replicas) {
            replica.stop();
        }
        producer.close();
    }

    private final class Replica implements SightingsTopic.Listener {
        private final List<String> heard = new CopyOnWriteArrayList<>();
        private final SightingsTopic reader;
        private final Thread thread;
        private volatile boolean complete;

        Replica(KafkaConnection connection) {
            reader = new SightingsTopic(
                    connection,
                    "facestream-alerts-mqtt-" + run,
                    Duration.ofMinutes(12),
                    this,
                    unreadable::incrementAndGet);
            thread = new Thread(reader);
            replicas.add(this);
            thread.start();
        }

        @Override
        public void begin() {
            heard.add("begin");
        }

        @Override
        public void take(Sighting message, boolean isNews) {
            if (message.sightingId().startsWith(run)) {
                heard.add(message.sightingId().substring(run.length()) + (isNews ? " news" : " known"));
            }
        }

        @Override
        public void step() {
            complete = true;
        }

        @Override
        public void end() {
            heard.add("end");
        }

        void stop() throws InterruptedException {
            reader.stop();
            thread.join(20_000);
        }
    }

    private void send(int partition, String id) throws Exception {
        Sighting message = new TestVisit(run + id, "camera-" + partition, Instant.now()).nobody(Change.APPEARED, 0);
        producer.send(CloudEventRecords.write(
                        Topic.SIGHTINGS,
                        partition,
                        message.camera().getBytes(UTF_8),
                        CloudEventBuilder.v1()
                                .withId(message.id())
                                .withSource(URI.create(message.source()))
                                .withType(Sighting.TYPE)
                                .withData("application/json", Json.write(message))
                                .build()))
                .get();
    }

    @Test
    void oneReplicaReadsAllPartitionsAndAnotherTakesOverAndKnowsWhatIsNews() throws Exception {
        send(0, "#before");
        Replica first = new Replica(connection);
        await().atMost(PATIENCE).until(() -> first.complete);
        assertThat(first.heard).containsExactly("begin", "#before known");

        Replica second = new Replica(connection);
        send(0, "#0");
        send(1, "#1");
        await().atMost(PATIENCE).until(() -> first.heard.size() == 4);
        assertThat(first.heard).contains("#0 news", "#1 news").doesNotContain("end");
        assertThat(second.heard).isEmpty();
        // who stands by is as well as who reads
        await().atMost(PATIENCE).until(() -> first.reader.hasBegun() && second.reader.hasBegun());
        assertThat(second.reader.sinceLastGoodStep()).isLessThan(Duration.ofSeconds(10));

        first.stop();
        assertThat(first.heard).endsWith("end").containsOnlyOnce("begin", "end");
        send(1, "#2");
        await().atMost(PATIENCE).until(() -> second.complete && second.heard.size() == 5);

        assertThat(second.heard).startsWith("begin").contains("#before known", "#0 known", "#1 known", "#2 news");
    }

    /** Polling a broker that is away returns nothing, as polling an idle one does. */
    @Test
    void withoutItsBrokerItMakesNoGoodSteps(@TempDir Path folder) throws Exception {
        Replica replica;
        try (EmbeddedKafka broker = EmbeddedKafka.start(folder, 0)) {
            KafkaConnection own = KafkaConnection.to(broker.bootstrapServers());
            TopicAdmin.ensure(own, new TestTopicsConfig(1, true), List.of(Topic.SIGHTINGS));
            replica = new Replica(own);
            await().atMost(PATIENCE).until(replica.reader::hasBegun);
            assertThat(replica.reader.sinceLastGoodStep()).isLessThan(Duration.ofSeconds(10));
        }

        await().atMost(PATIENCE).until(() -> replica.reader.sinceLastGoodStep().compareTo(Duration.ofSeconds(5)) > 0);
    }

    @Test
    void aRecordThatIsNoSightingIsLeftOutAndCounted() throws Exception {
        Replica replica = new Replica(connection);
        await().atMost(PATIENCE).until(() -> replica.complete);
        int before = unreadable.get();

        producer.send(new ProducerRecord<>("sightings", 0, null, "no sighting".getBytes(UTF_8)))
                .get();
        producer.send(CloudEventRecords.write(
                        Topic.SIGHTINGS,
                        0,
                        "camera-0".getBytes(UTF_8),
                        CloudEventBuilder.v1()
                                .withId("no data")
                                .withSource(URI.create("/cameras/camera-0"))
                                .withType(Sighting.TYPE)
                                .build()))
                .get();
        send(0, "#after");

        await().atMost(PATIENCE).until(() -> replica.heard.contains("#after news"));
        assertThat(replica.heard)
                .as("it did not start over")
                .containsOnlyOnce("begin")
                .doesNotContain("end");
        assertThat(unreadable.get()).isEqualTo(before + 2);
    }
}
