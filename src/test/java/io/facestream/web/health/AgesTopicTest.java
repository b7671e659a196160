package io.facestream.web.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.embedded.TestServices;
import io.facestream.messaging.KafkaConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ages of records on a real broker. */
class AgesTopicTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final String topic = "ages-" + UUID.randomUUID();
    private final Instant now = Instant.now();
    private Admin admin;
    private AgesTopic ages;

    /** Records of both partitions are as old as their offsets say: 100 hours, 99, ... */
    @BeforeEach
    void fill() throws Exception {
        KafkaConnection connection = KafkaConnection.to(TestServices.kafka().bootstrapServers());
        admin = connection.admin();
        ages = new AgesTopic(admin, PATIENCE);
        admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1)
                        .configs(Map.of("message.timestamp.type", "CreateTime", "retention.ms", "-1"))))
                .all()
                .get();
        try (KafkaProducer<byte[], byte[]> producer = connection.producer(Map.of("batch.size", 1))) {
            for (int i = 0; i < 100; i++) {
                long at = now.minus(Duration.ofHours(100 - i)).toEpochMilli();
                for (int partition = 0; partition < 2; partition++) {
                    producer.send(new ProducerRecord<>(topic, partition, at, null, new byte[] {1}));
                }
            }
        }
    }

    @AfterEach
    void close() {
        admin.close();
    }

    private TopicPartition partition(int number) {
        return new TopicPartition(topic, number);
    }

    @Test
    void aRecordsAgeIsFoundToTheSecond() throws Exception {
        for (long offset : List.of(0L, 1L, 50L, 98L, 99L)) {
            assertThat(ages.oldest(Map.of(partition(0), offset), now))
                    .isCloseTo(Duration.ofHours(100 - offset), SECOND);
        }
    }

    @Test
    void theOldestOfSeveralPartitionsCounts() throws Exception {
        assertThat(ages.oldest(Map.of(partition(0), 90L, partition(1), 40L), now))
                .isCloseTo(Duration.ofHours(60), SECOND);
    }

    @Test
    void whereRecordsWereDeletedUnreadTheFirstThatIsLeftCounts() throws Exception {
        admin.deleteRecords(Map.of(partition(0), RecordsToDelete.beforeOffset(70)))
                .all()
                .get();

        assertThat(ages.oldest(Map.of(partition(0), 10L), now)).isCloseTo(Duration.ofHours(30), SECOND);
    }
}
