package io.facestream.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.facestream.embedded.EmbeddedKafka;
import io.facestream.embedded.RecordedLogs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** On a broker of its own, since the topics' names are fixed and each test begins with none of them. */
class TopicAdminTest {
    private static final int PARTITIONS_SLOW_TO_OPEN = 100;
    private static final List<Topic> ALL = List.of(Topic.values());

    @TempDir
    static Path folder;

    private static EmbeddedKafka kafka;
    private static Admin admin;

    @BeforeAll
    static void startBroker() {
        kafka = EmbeddedKafka.start(folder, 0);
        admin = KafkaConnection.to(kafka.bootstrapServers()).admin();
    }

    @AfterAll
    static void stopBroker() {
        admin.close();
        kafka.close();
    }

    @BeforeEach
    void deleteTopics() throws Exception {
        admin.deleteTopics(present()).all().get();
        Awaitility.await().untilAsserted(() -> assertThat(present()).isEmpty());
    }

    static Stream<Arguments> designedTopics() {
        String segments = "3600000";
        String picture = "8388608";
        String facts = "1048576";
        String none = "uncompressed";
        String asSent = "producer";
        String unbounded = "-1";
        return Stream.of(
                arguments("camera-frames", 6, "3600000", "1073741824", segments, picture, none),
                arguments("detected-faces", 6, "86400000", unbounded, segments, picture, none),
                arguments("face-embeddings", 6, "86400000", unbounded, segments, facts, asSent),
                arguments("identity-events", 6, "604800000", unbounded, segments, facts, asSent),
                arguments("sightings", 6, "604800000", unbounded, segments, facts, asSent),
                arguments("labelled-faces", 6, "2592000000", unbounded, segments, picture, none),
                arguments("enrolments", 6, "604800000", unbounded, segments, facts, asSent),
                arguments("gallery-commands", 1, "604800000", unbounded, segments, facts, asSent),
                arguments("gallery-events", 1, "604800000", unbounded, segments, facts, asSent),
                arguments("training-commands", 1, "2592000000", unbounded, segments, facts, asSent),
                arguments("training-progress", 1, "2592000000", unbounded, segments, facts, asSent),
                arguments("rejected-records", 6, "604800000", unbounded, segments, "8454144", none));
    }

    @ParameterizedTest
    @MethodSource("designedTopics")
    void anAbsentTopicIsCreatedAsDesigned(
            String name,
            int partitions,
            String retentionMillis,
            String retentionBytes,
            String segmentMillis,
            String maxMessageBytes,
            String compression)
            throws Exception {
        Topic topic = ALL.stream()
                .filter(each -> each.topicName().equals(name))
                .findFirst()
                .orElseThrow();

        ensure(List.of(topic), 6, true);

        TopicDescription description = describe(name);
        assertThat(description.partitions()).hasSize(partitions).allSatisfy(partition -> {
            assertThat(partition.leader()).isNotNull();
            assertThat(partition.replicas()).hasSize(1);
        });
        Config config = config(name);
        assertThat(config.get("message.timestamp.type").value()).isEqualTo("LogAppendTime");
        assertThat(config.get("cleanup.policy").value()).isEqualTo("delete");
        assertThat(config.get("retention.ms").value()).isEqualTo(retentionMillis);
        assertThat(config.get("retention.bytes").value()).isEqualTo(retentionBytes);
        assertThat(config.get("segment.ms").value()).isEqualTo(segmentMillis);
        assertThat(config.get("max.message.bytes").value()).isEqualTo(maxMessageBytes);
        assertThat(config.get("compression.type").value()).isEqualTo(compression);
    }

    @Test
    void modelReleasesKeepsTheLastRecordOfEachVersionInOnePartition() throws Exception {
        ensure(List.of(Topic.MODEL_RELEASES), 6, true);

        assertThat(describe("model-releases").partitions()).hasSize(1);
        Config config = config("model-releases");
        assertThat(config.get("cleanup.policy").value()).isEqualTo("compact");
        assertThat(config.get("message.timestamp.type").value()).isEqualTo("LogAppendTime");
        assertThat(config.get("max.message.bytes").value()).isEqualTo("1048576");
    }

    @Test
    void camerasKeepsTheLastDefinitionOfEachCameraInAsManySharesAsReplicasMayWant() throws Exception {
        ensure(List.of(Topic.CAMERAS), 6, true);

        assertThat(describe("cameras").partitions()).hasSize(64);
        assertThat(config("cameras").get("cleanup.policy").value()).isEqualTo("compact");
    }

    @Test
    void cameraStatesKeepsTheLastStateOfEachCameraForAWeekAndForgetsEarlierOnesSoon() throws Exception {
        ensure(List.of(Topic.CAMERA_STATES), 6, true);

        assertThat(describe("camera-states").partitions()).hasSize(1);
        Config config = config("camera-states");
        assertThat(config.get("cleanup.policy").value()).isEqualTo("compact,delete");
        assertThat(config.get("retention.ms").value()).isEqualTo("604800000");
        assertThat(config.get("segment.ms").value()).isEqualTo("3600000");
    }

    @Test
    void camerasNeedsNotAsManyPartitionsAsTheTopicsOfTheDataPath() {
        assertThatCode(() -> ensure(List.of(Topic.CAMERAS, Topic.CAMERA_FRAMES, Topic.DETECTED_FACES), 3, true))
                .doesNotThrowAnyException();
    }

    @Test
    void everyTopicIsDesigned() {
        assertThat(Stream.concat(
                        designedTopics().map(topic -> topic.get()[0]),
                        Stream.of("model-releases", "cameras", "camera-states")))
                .containsExactlyInAnyOrderElementsOf(
                        ALL.stream().map(topic -> (Object) topic.topicName()).toList());
    }

    @Test
    void threeReplicasStayWritableWithOneOfThemAway() {
        assertThat(ALL).allSatisfy(topic -> {
            assertThat(topic.configs(3)).containsEntry("min.insync.replicas", "2");
            assertThat(topic.configs(1)).doesNotContainKey("min.insync.replicas");
        });
    }

    @Test
    void whatIsThereStaysAsItIs() throws Exception {
        create("identity-events", 3, Map.of("retention.ms", "1000", "max.message.bytes", "2000000"));

        ensure(List.of(Topic.IDENTITY_EVENTS), 6, true);

        assertThat(describe("identity-events").partitions()).hasSize(3);
        assertThat(config("identity-events").get("retention.ms").value()).isEqualTo("1000");
        assertThat(config("identity-events").get("max.message.bytes").value()).isEqualTo("2000000");
    }

    @Test
    void aTopicOfAnEarlierBuildClosesItsSegmentsWithinAnHourFromNowOn() throws Exception {
        create("identity-events", 6, Map.of("retention.ms", "604800000"));
        assertThat(config("identity-events").get("segment.ms").value()).isEqualTo("604800000");

        ensure(List.of(Topic.IDENTITY_EVENTS), 6, true);

        Awaitility.await().untilAsserted(() -> assertThat(
                        config("identity-events").get("segment.ms").value())
                .isEqualTo("3600000"));
    }

    @Test
    void aTopicThatSomebodyGaveLongerSegmentsOrLooksAfterKeepsThemAndIsTold() throws Exception {
        create("identity-events", 6, Map.of("segment.ms", "86400000"));
        create("enrolments", 6, Map.of());
        String told;

        try (RecordedLogs logs = new RecordedLogs()) {
            ensure(List.of(Topic.IDENTITY_EVENTS), 6, true);
            ensure(List.of(Topic.ENROLMENTS), 6, false);
            told = logs.text();
        }

        assertThat(config("identity-events").get("segment.ms").value()).isEqualTo("86400000");
        assertThat(config("enrolments").get("segment.ms").value()).isEqualTo("604800000");
        assertThat(told)
                .contains("identity-events holds personal data and has segment.ms=86400000")
                .contains("--topic identity-events --add-config segment.ms=3600000")
                .contains("enrolments holds personal data");
    }

    @Test
    void aTopicKeepsARecordForItsRetentionAndOneSegment() throws Exception {
        create("labelled-faces", 1, Map.of("retention.ms", "172800000", "segment.ms", "3600000"));
        create("identity-events", 1, Map.of("retention.ms", "-1"));
        KafkaConnection connection = KafkaConnection.to(kafka.bootstrapServers());

        assertThat(TopicAdmin.keeps(connection, Topic.LABELLED_FACES)).contains(Duration.ofHours(49));
        assertThat(TopicAdmin.keeps(connection, Topic.IDENTITY_EVENTS)).isEmpty();
    }

    @Test
    void absentCameraKeyedTopicsGetAsManyPartitionsAsThoseThatAreThere() throws Exception {
        create("camera-frames", 4, Map.of("max.message.bytes", "8388608"));

        ensure(List.of(Topic.FACE_EMBEDDINGS, Topic.IDENTITY_EVENTS, Topic.REJECTED_RECORDS), 6, true);

        assertThat(describe("face-embeddings").partitions()).hasSize(4);
        assertThat(describe("identity-events").partitions()).hasSize(4);
        assertThat(describe("rejected-records").partitions())
                .as("keyed by anything")
                .hasSize(6);
        assertThatCode(() -> ensure(ALL, 6, true)).doesNotThrowAnyException();
    }

    @Test
    void differingPartitionCountsOfCameraKeyedTopicsAreRefused() throws Exception {
        create("camera-frames", 4, Map.of("max.message.bytes", "8388608"));
        create("detected-faces", 2, Map.of("max.message.bytes", "8388608"));

        assertThatIllegalStateException()
                .isThrownBy(() -> ensure(List.of(Topic.CAMERA_FRAMES, Topic.DETECTED_FACES), 6, true))
                .withMessageContaining("camera-frames=4")
                .withMessageContaining("detected-faces=2")
                .withMessageContaining("add partitions");
    }

    @Test
    void topicsThatAreNotKeyedByCameraMayDiffer() throws Exception {
        create("enrolments", 1, Map.of());

        assertThatCode(() -> ensure(List.of(Topic.ENROLMENTS, Topic.IDENTITY_EVENTS), 6, true))
                .doesNotThrowAnyException();
    }

    @Test
    void aTopicThatTakesTooLittleIsRefused() throws Exception {
        create("camera-frames", 6, Map.of());
        create("rejected-records", 6, Map.of("max.message.bytes", "8388608"));

        assertThatIllegalStateException()
                .isThrownBy(() -> ensure(ALL, 6, true))
                .withMessageContaining("max.message.bytes")
                .withMessageContaining("camera-frames has 1048588, needs 8388608")
                .withMessageContaining("rejected-records has 8388608, needs 8454144")
                .withMessageNotContaining("detected-faces");
    }

    @Test
    void whereOthersCreateTopicsTheMissingOnesAreNamed() throws Exception {
        create("camera-frames", 6, Map.of("max.message.bytes", "8388608"));

        assertThatIllegalStateException()
                .isThrownBy(() ->
                        ensure(List.of(Topic.CAMERA_FRAMES, Topic.DETECTED_FACES, Topic.REJECTED_RECORDS), 6, false))
                .withMessageContaining("[detected-faces, rejected-records]")
                .withMessageContaining("facestream.topics.create=true");
        assertThat(present()).containsExactly("camera-frames");
    }

    @Test
    void replicasThatStartTogetherDoNotGetInEachOthersWay() throws Exception {
        List<CompletableFuture<Void>> replicas = Stream.generate(() -> CompletableFuture.runAsync(() -> {
                    try {
                        ensure(ALL, 6, true);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }))
                .limit(4)
                .toList();

        CompletableFuture.allOf(replicas.toArray(CompletableFuture[]::new)).get();

        assertThat(present())
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Topic.values()).map(Topic::topicName).toList());
    }

    /** In Kafka 4.1 a leader is named before it has opened its log: it refuses records until then. */
    @RepeatedTest(3)
    void everyPartitionOfANewTopicTakesTheFirstRecordAtItsFirstAttempt() throws Exception {
        ensure(List.of(Topic.CAMERA_FRAMES), PARTITIONS_SLOW_TO_OPEN, true);

        try (KafkaProducer<byte[], byte[]> producer = KafkaConnection.to(kafka.bootstrapServers())
                .producer(Map.of(ProducerConfig.RETRIES_CONFIG, 0, ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false))) {
            List<Future<RecordMetadata>> sent = IntStream.range(0, PARTITIONS_SLOW_TO_OPEN)
                    .mapToObj(partition -> producer.send(
                            new ProducerRecord<>(Topic.CAMERA_FRAMES.topicName(), partition, null, new byte[] {1})))
                    .toList();
            for (Future<RecordMetadata> record : sent) {
                assertThat(record.get().offset()).isZero();
            }
        }
    }

    private static void ensure(Collection<Topic> topics, int partitions, boolean create) throws InterruptedException {
        new TopicAdmin(admin, new TestTopicsConfig(partitions, create)).ensure(topics);
    }

    private static void create(String name, int partitions, Map<String, String> configs) throws Exception {
        admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(configs)))
                .all()
                .get();
        Awaitility.await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(present())
                .contains(name));
    }

    private static Set<String> present() throws ExecutionException, InterruptedException {
        return admin.listTopics().names().get();
    }

    private static TopicDescription describe(String name) throws Exception {
        return admin.describeTopics(List.of(name)).allTopicNames().get().get(name);
    }

    private static Config config(String name) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
        return admin.describeConfigs(List.of(resource)).all().get().get(resource);
    }
}
