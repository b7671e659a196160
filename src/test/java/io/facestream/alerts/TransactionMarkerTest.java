package io.facestream.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.facestream.embedded.TestServices;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/**
 * Why {@link AlertsStage} has only its deliveries watched. With kafka-clients 4.1.2, the marker that ends a transaction
 * takes an offset of its own: it counts in the partition's end, the consumer's position passes it, and no poll returns
 * it. SmallRye Reactive Messaging 4.33.0 hands over what polls return, so a channel that has everything looks as if it
 * were behind.
 */
class TransactionMarkerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void aTransactionsMarkerCountsInThePartitionsEndButIsNeverHandedOver() throws Exception {
        String servers = TestServices.kafka().bootstrapServers();
        TopicPartition partition = new TopicPartition("marker-" + UUID.randomUUID(), 0);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            admin.createTopics(List.of(new NewTopic(partition.topic(), 1, (short) 1)))
                    .all()
                    .get();
        }
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers, "transactional.id", partition.topic()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(partition.topic(), "only".getBytes(UTF_8)));
            producer.commitTransaction();
        }

        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            // The broker writes the marker after it has told the producer that the transaction is committed.
            long end = await().atMost(PATIENCE)
                    .until(() -> consumer.endOffsets(List.of(partition)).get(partition), is -> is >= 2);
            List<Long> handedOver = new ArrayList<>();
            Instant deadline = Instant.now().plus(PATIENCE);
            while (consumer.position(partition) < end && Instant.now().isBefore(deadline)) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    handedOver.add(record.offset());
                }
            }

            assertThat(end).isEqualTo(2);
            assertThat(consumer.position(partition)).isEqualTo(2);
            assertThat(handedOver).containsExactly(0L);
        }
    }
}
