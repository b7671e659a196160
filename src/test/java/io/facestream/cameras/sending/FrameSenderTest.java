package io.facestream.cameras.sending;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.facestream.embedded.TestServices;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.TestTopicsConfig;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicAdmin;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever owned an id before, at a real broker. */
class FrameSenderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final KafkaConnection connection =
            KafkaConnection.to(TestServices.kafka().bootstrapServers());
    private final String id = "facestream-cameras-" + UUID.randomUUID();

    @BeforeEach
    void makeTopic() {
        TopicAdmin.ensure(connection, new TestTopicsConfig(6, true), List.of(Topic.CAMERA_FRAMES));
    }

    private void takeOver() {
        FrameSender successor = new FrameSender(connection, id, Lease.ENDLESS);
        await().atMost(PATIENCE).until(successor::isReady);
        successor.close();
    }

    private static ProducerRecord<byte[], byte[]> frame() {
        return new ProducerRecord<>(Topic.CAMERA_FRAMES.topicName(), "door".getBytes(UTF_8), new byte[1]);
    }

    /** Kafka 4.x answers INVALID_TXN_STATE here (KIP-890), not PRODUCER_FENCED: seen with client and broker 4.1. */
    @Test
    void aFormerOwnersCommitOfWhatWasAbortedIsKnownAsFenced() {
        try (KafkaProducer<byte[], byte[]> former = connection.producer(Map.of("transactional.id", id))) {
            former.initTransactions();
            former.beginTransaction();
            former.send(frame());
            former.flush();
            takeOver();

            Throwable refused = catchThrowable(former::commitTransaction);

            assertThat(FrameSender.isFence(refused)).as("%s", refused).isTrue();
        }
    }

    @Test
    void aFormerOwnersNextTransactionIsKnownAsFenced() {
        try (KafkaProducer<byte[], byte[]> former = connection.producer(Map.of("transactional.id", id))) {
            former.initTransactions();
            takeOver();

            Throwable refused = catchThrowable(() -> {
                former.beginTransaction();
                former.send(frame());
                former.commitTransaction();
            });

            assertThat(FrameSender.isFence(refused)).as("%s", refused).isTrue();
        }
    }
}
