package io.facestream.stages;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.facestream.database.Refusal;
import io.facestream.embedded.KafkaAcls;
import io.facestream.embedded.RecordedLogs;
import io.facestream.embedded.SecureKafka;
import io.facestream.embedded.SecuredServices;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.TestTopicsConfig;
import io.facestream.messaging.Topic;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * On a broker of its own, for a service of another test may be in the same groups. Each role has, by {@code
 * docs/kafka-acls.sh}, what its stage needs on Kafka; without a right it says which.
 */
class KafkaRightsTest {
    @TempDir
    private static Path folder;

    private static SecureKafka kafka;
    private static String superuser;
    private static List<AclBinding> granted;

    private RecordedLogs logs;
    private Stages stages;

    /** What each role reads and writes, by the data path. */
    enum Role {
        DETECTION(Topic.CAMERA_FRAMES, Topic.DETECTED_FACES, Topic.REJECTED_RECORDS),
        EMBEDDING(Topic.DETECTED_FACES, Topic.FACE_EMBEDDINGS, Topic.REJECTED_RECORDS),
        MATCHING(Topic.FACE_EMBEDDINGS, Topic.IDENTITY_EVENTS, Topic.REJECTED_RECORDS),
        ENROLMENT(Topic.LABELLED_FACES, Topic.ENROLMENTS),
        CURATION(Topic.GALLERY_COMMANDS, Topic.GALLERY_EVENTS),
        TRAINING(Topic.TRAINING_COMMANDS, Topic.TRAINING_PROGRESS);

        final Topic input;
        final List<Topic> outputs;

        Role(Topic input, Topic... outputs) {
            this.input = input;
            this.outputs = List.of(outputs);
        }

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        String principal() {
            return "User:facestream-" + label();
        }
    }

    @BeforeAll
    static void grant() throws Exception {
        granted = KafkaAcls.ofTheScript();
        kafka = SecureKafka.start(folder, SecuredServices.certificates());
        superuser = kafka.addresses().get("PLAINTEXT");
        KafkaAcls.grant(superuser, granted);
        Stages owner = new Stages(
                KafkaConnection.to(superuser),
                new TestTopicsConfig(1, true),
                "owner",
                new SimpleMeterRegistry(),
                TestTracer.none());
        owner.ensureTopics(List.of(Topic.values()));
    }

    @AfterAll
    static void stopBroker() {
        kafka.close();
    }

    @BeforeEach
    void record() {
        logs = new RecordedLogs();
    }

    @AfterEach
    void stop() {
        if (stages != null) {
            stages.stop();
        }
        logs.close();
    }

    private static Map<String, Object> settings(String user) {
        return SecuredServices.scram(kafka.addresses().get("SCRAM"), user, SecuredServices.KAFKA_PASSWORD)
                .entrySet()
                .stream()
                .collect(Collectors.toMap(
                        setting -> setting.getKey().replaceFirst("kafka\\.", ""), Map.Entry::getValue));
    }

    /** Starts the role's stage, which passes records on; the reference gets the key of the last one. */
    private AtomicReference<String> start(Role role) {
        stages = new Stages(
                new KafkaConnection(settings("facestream-" + role.label())),
                new TestTopicsConfig(1, true),
                "rights-" + UUID.randomUUID().toString().substring(0, 8),
                new SimpleMeterRegistry(),
                TestTracer.none());
        AtomicReference<String> seen = new AtomicReference<>();
        stages.start(
                role.label(),
                role.input,
                role.outputs,
                new TestStageConfig(1, 4),
                () -> StageWork.ofBatches(() -> batch -> {
                    List<List<ProducerRecord<byte[], byte[]>>> outputs = new ArrayList<>();
                    batch.forEach(record -> {
                        seen.set(record.key() == null ? "" : new String(record.key(), UTF_8));
                        outputs.add(role.outputs.stream()
                                .map(topic -> new ProducerRecord<>(topic.topicName(), record.key(), record.value()))
                                .toList());
                    });
                    return outputs;
                }));
        return seen;
    }

    private static void publish(Role role, String key) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                KafkaConnection.to(superuser).producer(Map.of())) {
            producer.send(new ProducerRecord<>(role.input.topicName(), key.getBytes(UTF_8), new byte[] {1}))
                    .get();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRoleCommitsItsTransactionsWithTheRightsOfTheScript(Role role) throws Exception {
        String key = UUID.randomUUID().toString();
        publish(role, key);

        AtomicReference<String> seen = start(role);

        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> key.equals(seen.get()));
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> stages.status().get(0).sinceLastGoodStep().compareTo(Duration.ofSeconds(1)) < 0);
        assertThat(logs.text()).doesNotContain("may not use", "retrying the batch");
    }

    /** It is not a stage: it reads its topic from the beginning and sends in its own transactions. */
    @Test
    void theRoleThatFilmsReadsWhoFilmsAndSendsFramesAndCannotSayWhoFilms() throws Exception {
        KafkaConnection cameras = new KafkaConnection(settings("facestream-cameras"));
        try (KafkaConsumer<byte[], byte[]> definitions = cameras.consumer(Map.of("group.id", "facestream-cameras"));
                KafkaProducer<byte[], byte[]> frames =
                        cameras.producer(Map.of("transactional.id", "facestream-cameras-3"))) {
            definitions.subscribe(List.of(Topic.CAMERAS.topicName()));
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
                definitions.poll(Duration.ofMillis(200));
                return !definitions.assignment().isEmpty();
            });
            frames.initTransactions();
            frames.beginTransaction();
            frames.send(new ProducerRecord<>(Topic.CAMERA_FRAMES.topicName(), new byte[] {1}))
                    .get();
            frames.send(new ProducerRecord<>(Topic.CAMERA_STATES.topicName(), new byte[] {1}, new byte[] {1}))
                    .get();
            frames.commitTransaction();
        }
        try (KafkaProducer<byte[], byte[]> intruder = cameras.producer(Map.of())) {
            assertThatThrownBy(() -> intruder.send(new ProducerRecord<>(Topic.CAMERAS.topicName(), new byte[] {1}))
                            .get())
                    .hasCauseInstanceOf(TopicAuthorizationException.class);
        }
    }

    /** It reads answers without a group, and asks; it answers nobody and reads no photo. */
    @Test
    void theRoleThatServesPeopleAsksAndHearsTheAnswersAndNothingElse() throws Exception {
        KafkaConnection web = new KafkaConnection(settings("facestream-web"));
        try (KafkaConsumer<byte[], byte[]> answers = web.consumer(Map.of());
                KafkaProducer<byte[], byte[]> questions = web.producer(Map.of())) {
            for (Topic topic : List.of(Topic.GALLERY_EVENTS, Topic.ENROLMENTS)) {
                TopicPartition partition = new TopicPartition(topic.topicName(), 0);
                answers.assign(List.of(partition));
                answers.seekToEnd(List.of(partition));
                assertThat(answers.position(partition)).isNotNegative();
            }
            for (Topic topic : List.of(Topic.GALLERY_COMMANDS, Topic.LABELLED_FACES, Topic.TRAINING_COMMANDS)) {
                questions
                        .send(new ProducerRecord<>(topic.topicName(), new byte[] {1}))
                        .get();
            }
            assertThatThrownBy(() -> questions
                            .send(new ProducerRecord<>(Topic.GALLERY_EVENTS.topicName(), new byte[] {1}))
                            .get())
                    .hasCauseInstanceOf(TopicAuthorizationException.class);
            TopicPartition photos = new TopicPartition(Topic.LABELLED_FACES.topicName(), 0);
            answers.assign(List.of(photos));
            answers.seekToBeginning(List.of(photos));
            assertThatThrownBy(() -> answers.poll(Duration.ofSeconds(30))).isInstanceOf(AuthorizationException.class);
        }
    }

    @Test
    void embeddingListensToReleasesInAGroupOfItsProcessAndNoOtherRoleInIts() {
        String group = "facestream-embedding-live-" + UUID.randomUUID();

        try (KafkaConsumer<byte[], byte[]> listener = listener(Role.EMBEDDING, group)) {
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
                listener.poll(Duration.ofMillis(200));
                return !listener.assignment().isEmpty();
            });
        }
        try (KafkaConsumer<byte[], byte[]> other = listener(Role.MATCHING, group)) {
            assertThatThrownBy(() -> other.poll(Duration.ofSeconds(30))).isInstanceOf(AuthorizationException.class);
        }
    }

    @Test
    void theRoleThatServesPeopleSeesWhatCamerasShowInGroupsOfItsProcess() {
        KafkaConnection web = new KafkaConnection(settings("facestream-web"));
        for (Topic topic : List.of(
                Topic.CAMERA_FRAMES,
                Topic.IDENTITY_EVENTS,
                Topic.CAMERA_STATES,
                Topic.SIGHTINGS,
                Topic.GALLERY_EVENTS)) {
            try (KafkaConsumer<byte[], byte[]> live = web.consumer(
                    Map.of("group.id", "facestream-web-live-" + UUID.randomUUID(), "auto.offset.reset", "latest"))) {
                live.subscribe(List.of(topic.topicName()));
                Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
                    live.poll(Duration.ofMillis(200));
                    return !live.assignment().isEmpty();
                });
            }
        }
    }

    @Test
    void theRoleThatServesPeopleSeesHowFarEveryRoleIsBehindAndNotWhatWasRejected() throws Exception {
        KafkaConnection web = new KafkaConnection(settings("facestream-web"));
        try (Admin admin = web.admin()) {
            for (Role role : Role.values()) {
                admin.listConsumerGroupOffsets("facestream-" + role.label())
                        .partitionsToOffsetAndMetadata()
                        .get();
            }
            for (Topic topic : Topic.values()) {
                admin.listOffsets(Map.of(new TopicPartition(topic.topicName(), 0), OffsetSpec.latest()))
                        .all()
                        .get();
                admin.describeConfigs(List.of(new ConfigResource(ConfigResource.Type.TOPIC, topic.topicName())))
                        .all()
                        .get();
            }
        }
        try (KafkaConsumer<byte[], byte[]> rejects = web.consumer(Map.of())) {
            TopicPartition partition = new TopicPartition(Topic.REJECTED_RECORDS.topicName(), 0);
            rejects.assign(List.of(partition));
            rejects.seekToBeginning(List.of(partition));
            assertThatThrownBy(() -> rejects.poll(Duration.ofSeconds(30))).isInstanceOf(AuthorizationException.class);
        }
    }

    private static KafkaConsumer<byte[], byte[]> listener(Role role, String group) {
        KafkaConsumer<byte[], byte[]> listener = new KafkaConnection(settings("facestream-" + role.label()))
                .consumer(Map.of("group.id", group, "auto.offset.reset", "latest"));
        listener.subscribe(List.of(Topic.MODEL_RELEASES.topicName()));
        return listener;
    }

    @Test
    void theScalerSeesHowFarEveryRoleIsBehindAndNothingElse() throws Exception {
        try (Admin scaler = new KafkaConnection(settings("facestream-scaler")).admin()) {
            for (Role role : Role.values()) {
                scaler.listConsumerGroupOffsets("facestream-" + role.label())
                        .partitionsToOffsetAndMetadata()
                        .get();
            }
            for (Topic topic : List.of(
                    Topic.CAMERA_FRAMES,
                    Topic.DETECTED_FACES,
                    Topic.FACE_EMBEDDINGS,
                    Topic.IDENTITY_EVENTS,
                    Topic.LABELLED_FACES)) {
                scaler.listOffsets(Map.of(new TopicPartition(topic.topicName(), 0), OffsetSpec.latest()))
                        .all()
                        .get();
            }
            assertThatThrownBy(() -> scaler.listOffsets(
                                    Map.of(new TopicPartition(Topic.SIGHTINGS.topicName(), 0), OffsetSpec.latest()))
                            .all()
                            .get())
                    .hasCauseInstanceOf(TopicAuthorizationException.class);
        }
    }

    @Test
    void withoutARightOnATopicARoleDoesNotStartAndNamesTheTopic() throws Exception {
        for (String topic : List.of("camera-frames", "detected-faces", "rejected-records")) {
            List<AclBinding> taken = granted.stream()
                    .filter(acl -> acl.entry().principal().equals(Role.DETECTION.principal())
                            && acl.pattern().name().equals(topic)
                            && (acl.entry().operation() == AclOperation.READ
                                    || acl.entry().operation() == AclOperation.WRITE))
                    .toList();
            assertThat(taken).hasSize(1);
            KafkaAcls.takeAway(superuser, taken);
            try {
                Throwable failure = catchThrowable(() -> start(Role.DETECTION));
                assertThat(Refusal.explain(failure))
                        .hasValue("this client's principal may not use the topics [" + topic
                                + "]: grant it, as docs/kafka-acls.sh does for each role");
            } finally {
                KafkaAcls.grant(superuser, taken);
            }
        }
    }

    @Test
    void withoutARightOnItsGroupOrItsTransactionsARoleSaysSoInOneLine() throws Exception {
        for (Map.Entry<String, String> name : Map.of(
                        "facestream-detection", "the consumer group facestream-detection",
                        "facestream-detection-", "its transactional id")
                .entrySet()) {
            List<AclBinding> taken = granted.stream()
                    .filter(acl -> acl.entry().principal().equals(Role.DETECTION.principal())
                            && acl.pattern().name().equals(name.getKey()))
                    .toList();
            assertThat(taken).isNotEmpty();
            KafkaAcls.takeAway(superuser, taken);
            try {
                start(Role.DETECTION);
                Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(logs.text())
                        .contains("this client's principal may not use " + name.getValue()
                                + ": grant it, as docs/kafka-acls.sh does"));
                assertThat(logs.text()).doesNotContain("\tat ", SecuredServices.KAFKA_PASSWORD);
            } finally {
                KafkaAcls.grant(superuser, taken);
                stages.stop();
            }
        }
    }
}
