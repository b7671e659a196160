package io.facestream.sightings.streams;

import static io.facestream.sightings.streams.FilmedCamera.Shown.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.embedded.KafkaAcls;
import io.facestream.embedded.SecureKafka;
import io.facestream.embedded.SecuredServices;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.TestTopicsConfig;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicAdmin;
import io.facestream.sightings.streams.FilmedCamera.Somebody;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The role with the rights of {@code docs/kafka-acls.sh}, and no others. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SightingsRightsTest {
    @TempDir
    Path folder;

    @Test
    void theGrantedRightsAreEnoughToMakeChangelogsToTellVisitsAndToLeaveTheGroup() throws Exception {
        try (SecureKafka kafka = SecureKafka.start(folder, SecuredServices.certificates())) {
            String superuser = kafka.addresses().get("PLAINTEXT");
            KafkaAcls.grant(superuser, KafkaAcls.ofTheScript());
            KafkaConnection owner = KafkaConnection.to(superuser);
            List<Topic> topics =
                    List.of(Topic.FACE_EMBEDDINGS, Topic.IDENTITY_EVENTS, Topic.SIGHTINGS, Topic.REJECTED_RECORDS);
            TopicAdmin.ensure(owner, new TestTopicsConfig(1, true), topics);
            Map<String, Object> login = new HashMap<>();
            SecuredServices.scram(
                            kafka.addresses().get("SCRAM"), "facestream-sightings", SecuredServices.KAFKA_PASSWORD)
                    .forEach((name, value) -> login.put(name.replaceFirst("kafka\\.", ""), value));
            KafkaConnection own = new KafkaConnection(login);
            TopicAdmin.ensure(own, new TestTopicsConfig(1, true), topics);
            SightingsStreams streams = new SightingsStreams(
                    own,
                    new SightingsStreams.Settings("rights", 1, 50_000, true),
                    DrivenTopology.RULES,
                    new SightingsMetrics(new SimpleMeterRegistry()));

            streams.start();
            FilmedCamera camera = new FilmedCamera("lobby", 0);
            try (KafkaProducer<byte[], byte[]> producer = owner.producer(Map.of())) {
                for (int i = 0; i < 10; i++) {
                    var filmed = camera.film(Duration.ofMillis(i * 200L), at(new Somebody("Ada", true), 300, 300));
                    filmed.vectors().forEach(producer::send);
                    filmed.events().forEach(producer::send);
                }
            }

            TopicPartition sightings = new TopicPartition("sightings", 0);
            try (KafkaConsumer<byte[], byte[]> consumer = owner.consumer(Map.of())) {
                consumer.assign(List.of(sightings));
                Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(
                                consumer.endOffsets(List.of(sightings)).get(sightings))
                        .isGreaterThanOrEqualTo(3));
            }
            streams.close();
            try (var admin = owner.admin()) {
                assertThat(admin.describeConsumerGroups(List.of("facestream-sightings"))
                                .all()
                                .get()
                                .get("facestream-sightings")
                                .members())
                        .isEmpty();
            }
        }
    }
}
