package io.facestream.sightings.projection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cloudevents.core.builder.CloudEventBuilder;
import io.facestream.embedded.EmbeddedKafka;
import io.facestream.faces.Face;
import io.facestream.gallery.TestGallery;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.TestTopicsConfig;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicAdmin;
import io.facestream.sightings.SightingsConfig;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.message.Sighting.Change;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.enterprise.inject.Instance;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Batches of the topic, as the channel hands them over: one that throws would stop it for good. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SightingsProjectionTest {
    private static final TestGallery GALLERY = TestGallery.of(SightingsProjectionTest.class);
    private static final UUID ADA = new UUID(0, 0xada);
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 1, 2, 3};

    @TempDir
    Path folder;

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final AtomicInteger failures = new AtomicInteger();
    private SightingsProjection projection;

    @BeforeEach
    void begin() throws SQLException {
        GALLERY.renew();
        GALLERY.execute("insert into facestream.identity (id, kind, name) values ('" + ADA + "', 'person', 'Ada')");
    }

    @AfterEach
    void end() throws InterruptedException {
        projection.stop(null);
    }

    private void start(String broker, String shots) throws SQLException {
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withMapping(SightingsConfig.class)
                .withDefaultValue("facestream.sightings.enabled", "true")
                .withDefaultValue("facestream.sightings.shots.people", shots)
                .withDefaultValue("kafka.bootstrap.servers", broker)
                .build();
        projection =
                new SightingsProjection(config.getConfigMapping(SightingsConfig.class), database(), config, metrics);
        projection.start(null);
    }

    /** The role's login, by which the next connections fail. */
    @SuppressWarnings("unchecked")
    private Instance<DataSource> database() throws SQLException {
        DataSource own = GALLERY.as("facestream_sightings");
        DataSource failing = (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                        throw new SQLException("away", "08006");
                    }
                    try {
                        return method.invoke(own, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        return (Instance<DataSource>) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Instance.class}, (proxy, method, arguments) -> failing);
    }

    private static ProducerRecord<byte[], byte[]> record(String type, byte[] json) {
        var event = CloudEventBuilder.v1()
                .withId("a")
                .withSource(URI.create("/cameras/lobby"))
                .withType(type);
        return CloudEventRecords.write(
                Topic.SIGHTINGS,
                0,
                "lobby".getBytes(UTF_8),
                (json == null ? event : event.withData("application/json", json)).build());
    }

    private static byte[] visit(String id, int sequence, RecordPointer chip) {
        return Json.write(Told.of(id, sequence, Change.APPEARED, ADA, NOW, 2, id, chip));
    }

    private static ConsumerRecords<byte[], byte[]> batch(List<ProducerRecord<byte[], byte[]>> records) {
        List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
        for (ProducerRecord<byte[], byte[]> record : records) {
            read.add(new ConsumerRecord<>(
                    "sightings",
                    0,
                    read.size(),
                    0,
                    TimestampType.LOG_APPEND_TIME,
                    0,
                    0,
                    record.key(),
                    record.value(),
                    record.headers(),
                    Optional.empty()));
        }
        return new ConsumerRecords<>(Map.of(new TopicPartition("sightings", 0), read), Map.of());
    }

    private static List<String> log() throws SQLException {
        return GALLERY.query("select sighting_id, name from facestream.sighting_log order by 1");
    }

    @Test
    void whatIsNoSightingIsLeftOutAndTheRestOfTheBatchIsWritten() throws Exception {
        start("none:1", "PT0S");
        String good = new String(visit("a#0", 1, Told.SOMEWHERE), UTF_8);
        List<String> bad = List.of(
                "{",
                "null",
                "[]",
                good.replace("\"schemaVersion\":1", "\"schemaVersion\":2"),
                good.replace("\"sequence\":1", "\"sequence\":0"),
                good.replace("\"sequence\":1", "\"sequence\":9999999999"),
                good.replace("\"change\":\"appeared\"", "\"change\":\"vanished\""),
                good.replaceAll("\"firstAppendedAt\":\"[^\"]+", "\"firstAppendedAt\":\"+1000000000-12-31T00:00:00Z"),
                good.replaceAll("\"firstSeen\":\"[^\"]+", "\"firstSeen\":\"-3000-12-31T00:00:00Z"),
                good.replace("\"identityId\":", "\"id\":"));
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        bad.forEach(json -> records.add(record(Sighting.TYPE, json.getBytes(UTF_8))));
        records.add(record(Sighting.TYPE, null));
        records.add(new ProducerRecord<>("sightings", 0, null, null));
        records.add(new ProducerRecord<>("sightings", 0, null, good.getBytes(UTF_8)));
        records.add(record("io.facestream.something-else.v1", "{".getBytes(UTF_8)));
        records.add(record(Sighting.TYPE, visit("z#0", 1, Told.SOMEWHERE)));

        projection.project(batch(records));

        assertThat(log()).containsExactly("z#0 Ada");
        assertThat(metrics.get("facestream.projection.unreadable").counter().count())
                .isEqualTo(bad.size() + 3);
    }

    @Test
    void aMessageThatTheDatabaseWillNeverTakeIsCountedAndTheBatchIsDone() throws Exception {
        start("none:1", "PT0S");
        Instant later = NOW.plus(Duration.ofDays(700));
        byte[] future = Json.write(Told.of("f#0", 1, Change.APPEARED, ADA, later, 2, "f#0", Told.SOMEWHERE));

        projection.project(
                batch(List.of(record(Sighting.TYPE, future), record(Sighting.TYPE, visit("a#0", 1, Told.SOMEWHERE)))));

        assertThat(log()).containsExactly("a#0 Ada");
        assertThat(metrics.get("facestream.projection.refused").counter().count())
                .isEqualTo(1);
    }

    @Test
    void aBatchWaitsForADatabaseThatIsAway() throws Exception {
        start("none:1", "PT0S");
        failures.set(3);

        projection.project(batch(List.of(record(Sighting.TYPE, visit("a#0", 1, Told.SOMEWHERE)))));

        assertThat(log()).containsExactly("a#0 Ada");
    }

    @Test
    void whenTheProcessEndsABatchThatWaitsIsGivenBack() throws Exception {
        start("none:1", "PT0S");
        failures.set(Integer.MAX_VALUE);
        CompletableFuture<Void> work = CompletableFuture.runAsync(() -> {
            try {
                projection.project(batch(List.of(record(Sighting.TYPE, visit("a#0", 1, Told.SOMEWHERE)))));
            } catch (InterruptedException e) {
                throw new IllegalStateException("given back", e);
            }
        });
        Thread.sleep(300);

        projection.stop(null);

        assertThatThrownBy(() -> work.get(5, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("given back");
    }

    @Test
    void theBestShotComesFromDetectedFacesAndOneThatIsGoneIsCounted() throws Exception {
        EmbeddedKafka broker = EmbeddedKafka.start(folder, 0);
        try {
            KafkaConnection connection = KafkaConnection.to(broker.bootstrapServers());
            TopicAdmin.ensure(connection, new TestTopicsConfig(1, true), List.of(Topic.DETECTED_FACES));
            long offset;
            try (KafkaProducer<byte[], byte[]> producer = connection.producer(Map.of())) {
                offset = producer.send(CloudEventRecords.write(
                                Topic.DETECTED_FACES,
                                0,
                                "lobby".getBytes(UTF_8),
                                CloudEventBuilder.v1()
                                        .withId("a#0")
                                        .withSource(URI.create("/cameras/lobby"))
                                        .withType(Face.DETECTED_TYPE)
                                        .withData("image/png", PNG)
                                        .build()))
                        .get()
                        .offset();
            }
            start(broker.bootstrapServers(), "P30D");

            projection.project(batch(List.of(
                    record(Sighting.TYPE, visit("a#0", 1, new RecordPointer("detected-faces", 0, offset))),
                    record(Sighting.TYPE, visit("b#0", 1, new RecordPointer("detected-faces", 0, offset + 70))))));

            Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(
                            GALLERY.query("select encode(facestream.show_shot('/cameras/lobby', 'a#0'), 'hex')"))
                    .containsExactly("89504e470d0a1a0a010203"));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> metrics.get("facestream.projection.shots")
                                    .tag("result", "gone")
                                    .counter()
                                    .count()
                            == 1);
        } finally {
            broker.close();
        }
    }
}
