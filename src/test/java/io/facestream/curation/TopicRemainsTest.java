package io.facestream.curation;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.curation.message.GalleryEvent.LeftOnTopic;
import io.facestream.embedded.KafkaAcls;
import io.facestream.embedded.SecureKafka;
import io.facestream.embedded.SecuredServices;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclBinding;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a broker of its own, which gives the role the rights of {@code docs/kafka-acls.sh} and no others. */
class TopicRemainsTest {
    private static final String PHOTOS = Topic.LABELLED_FACES.topicName();
    private static final String CHANGELOG = "facestream-sightings-visits-changelog";

    /** How late the test's own reading of the clock may be. */
    private static final Duration SLACK = Duration.ofMinutes(2);

    @TempDir
    private static Path folder;

    private static SecureKafka kafka;
    private static String superuser;
    private static Admin admin;
    private static List<AclBinding> granted;

    @BeforeAll
    static void start() throws Exception {
        granted = KafkaAcls.ofTheScript();
        kafka = SecureKafka.start(folder, SecuredServices.certificates());
        superuser = kafka.addresses().get("PLAINTEXT");
        KafkaAcls.grant(superuser, granted);
        admin = KafkaConnection.to(superuser).admin();
        create(PHOTOS, 2, Map.of("retention.ms", "2592000000", "segment.ms", "3600000"));
        create(
                CHANGELOG,
                1,
                Map.of(
                        "cleanup.policy", "compact",
                        "max.compaction.lag.ms", "3600000",
                        "delete.retention.ms", "3600000"));
        create(Topic.SIGHTINGS.topicName(), 1, Map.of("retention.ms", "-1"));
        create(Topic.CAMERAS.topicName(), 1, Map.of());
        create("somebody-elses", 1, Map.of());
        try (KafkaProducer<byte[], byte[]> photos =
                KafkaConnection.to(superuser).producer(Map.of())) {
            for (int i = 0; i < 3; i++) {
                photos.send(new ProducerRecord<>(PHOTOS, 1, null, new byte[] {1}))
                        .get();
            }
        }
    }

    private static void create(String topic, int partitions, Map<String, String> settings) throws Exception {
        Map<String, String> all = new HashMap<>(settings);
        all.put("message.timestamp.type", "LogAppendTime");
        admin.createTopics(List.of(new NewTopic(topic, Optional.of(partitions), Optional.of((short) 1)).configs(all)))
                .all()
                .get();
        Awaitility.await()
                .ignoreExceptions()
                .until(() -> admin.describeTopics(List.of(topic))
                                .allTopicNames()
                                .get()
                                .get(topic)
                                .partitions()
                                .size()
                        == partitions);
    }

    @AfterAll
    static void stop() {
        admin.close();
        kafka.close();
    }

    private static TopicRemains asRole() {
        Map<String, Object> settings = new HashMap<>();
        SecuredServices.scram(kafka.addresses().get("SCRAM"), "facestream-curation", SecuredServices.KAFKA_PASSWORD)
                .forEach((name, value) -> settings.put(name.replaceFirst("kafka\\.", ""), value));
        return new TopicRemains(new KafkaConnection(settings), Topic.holdingPeople());
    }

    private static LeftOnTopic onTopic(String name) {
        return asRole().ask().stream()
                .filter(held -> held.topic().equals(name))
                .map(HeldTopic::left)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyPartitionsEndAndTheTimeAreTold() {
        Instant before = Instant.now();

        LeftOnTopic photos = onTopic(PHOTOS);

        // 30 days, an hour of the open segment, a minute until the file is deleted, and the broker's and our minutes
        Duration kept = Duration.ofDays(30).plus(Duration.ofMinutes(60 + 1 + 5 + 1));
        assertThat(photos.endOffsets()).containsExactly(0L, 3L);
        assertThat(photos.goneBy())
                .isBetween(before.plus(kept), before.plus(kept).plus(SLACK));
    }

    @Test
    void whatAChangelogHasReplacedIsGoneAfterItsCompactionLagAndItsDeletions() {
        Instant before = Instant.now();
        Duration kept = Duration.ofMinutes(60 + 60 + 1 + 5 + 1);

        assertThat(onTopic(CHANGELOG).goneBy())
                .isBetween(before.plus(kept), before.plus(kept).plus(SLACK));
    }

    @Test
    void aTopicThatKeepsEverythingHasNoTime() {
        LeftOnTopic sightings = onTopic(Topic.SIGHTINGS.topicName());

        assertThat(sightings.endOffsets()).containsExactly(0L);
        assertThat(sightings.goneBy()).isNull();
    }

    @Test
    void topicsThatHoldNobodyAreLeftOutAndSoAreOthers() {
        assertThat(asRole().ask())
                .extracting(HeldTopic::topic)
                .containsExactly(CHANGELOG, PHOTOS, Topic.SIGHTINGS.topicName());
    }

    @Test
    void aTopicThatTheRoleMayNotDescribeIsToldAsUnknown() throws Exception {
        List<AclBinding> taken = granted.stream()
                .filter(acl -> acl.entry().principal().equals("User:facestream-curation")
                        && acl.pattern().name().equals(PHOTOS))
                .toList();
        assertThat(taken).isNotEmpty();
        KafkaAcls.takeAway(superuser, taken);
        try {
            assertThat(onTopic(PHOTOS)).isEqualTo(new LeftOnTopic(PHOTOS, null, null));
        } finally {
            KafkaAcls.grant(superuser, taken);
        }
    }

    @Test
    void aProducersClockAndAnEndlessLagLengthenTheTime() {
        Map<String, String> settings = new HashMap<>(Map.of(
                "cleanup.policy", "delete",
                "retention.ms", "60000",
                "segment.ms", "60000",
                "file.delete.delay.ms", "60000",
                "message.timestamp.type", "CreateTime",
                "message.timestamp.after.max.ms", "3600000",
                "delete.retention.ms", "60000",
                "max.compaction.lag.ms", Long.toString(Long.MAX_VALUE)));
        assertThat(TopicRemains.longest(settings, Duration.ofMinutes(6))).isEqualTo(Duration.ofMinutes(60 + 3 + 6));

        settings.put("message.timestamp.after.max.ms", Long.toString(Long.MAX_VALUE));
        assertThat(TopicRemains.longest(settings, Duration.ofMinutes(6))).isNull();

        settings.put("cleanup.policy", "compact");
        assertThat(TopicRemains.longest(settings, Duration.ofMinutes(6))).isNull();
    }
}
