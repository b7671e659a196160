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
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What stages have not read, on a real broker. */
class BrokerTopicTest {
    private static final String GROUP = "facestream-training";
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final KafkaConnection connection =
            KafkaConnection.to(TestServices.kafka().bootstrapServers());
    private final String topic = "input-" + UUID.randomUUID();
    private Admin admin;

    /** Ten records in each of two partitions, an hour old in the first, two in the second. */
    @BeforeEach
    void fill() throws Exception {
        admin = connection.admin();
        admin.createTopics(List.of(
                        new NewTopic(topic, 2, (short) 1).configs(Map.of("message.timestamp.type", "CreateTime"))))
                .all()
                .get();
        try (KafkaProducer<byte[], byte[]> producer = connection.producer(Map.of())) {
            for (int partition = 0; partition < 2; partition++) {
                long at = Instant.now().minus(Duration.ofHours(1 + partition)).toEpochMilli();
                for (int i = 0; i < 10; i++) {
                    producer.send(new ProducerRecord<>(topic, partition, at, null, new byte[] {1}));
                }
            }
        }
    }

    @AfterEach
    void close() throws Exception {
        admin.deleteConsumerGroups(List.of(GROUP)).all().get();
        admin.deleteTopics(List.of(topic)).all().get();
        admin.close();
    }

    private void commit(Map<Integer, Integer> next) throws Exception {
        for (var each : next.entrySet()) {
            admin.alterConsumerGroupOffsets(
                            GROUP,
                            Map.of(new TopicPartition(topic, each.getKey()), new OffsetAndMetadata(each.getValue())))
                    .all()
                    .get();
        }
    }

    private Broker.Input training() {
        return new BrokerTopic(connection)
                .look().inputs().stream()
                        .filter(input -> topic.equals(input.topic()))
                        .findFirst()
                        .orElseThrow();
    }

    @Test
    void recordsAfterTheLastOneReadAreWaiting() throws Exception {
        commit(Map.of(0, 4, 1, 10));

        Broker.Input input = training();

        assertThat(input.stage()).isEqualTo("training");
        assertThat(input.waiting()).isEqualTo(6);
        assertThat(input.isBehind()).isTrue();
        assertThat(input.oldest()).isCloseTo(Duration.ofHours(1), MINUTE);
    }

    @Test
    void aPartitionOfWhichNothingWasReadIsWaitingWhole() throws Exception {
        commit(Map.of(0, 10));

        Broker.Input input = training();

        assertThat(input.waiting()).isEqualTo(10);
        assertThat(input.oldest()).isCloseTo(Duration.ofHours(2), MINUTE);
    }

    @Test
    void whoHasReadAllIsNotBehind() throws Exception {
        commit(Map.of(0, 10, 1, 10));

        assertThat(training()).isEqualTo(new Broker.Input("training", topic, 0L, false, null));
    }
}
