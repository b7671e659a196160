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
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whoever owned an id before, at a real broker. */
class FrameSenderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int TAKEOVERS = 30;

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

    /**
     * What it is told depends on how far its successor is. Most are told that the state is not valid, as {@code
     * findings/kafka-fenced-state.sh} shows for client and broker 4.1.2. That broker may also fail itself, with an
     * IllegalStateException in TransactionMetadata.prepareTransitionTo: its answer says nothing, and is left out.
     */
    @Test
    void aFormerOwnerWhoseCommitIsRefusedIsKnownAsFenced() throws Exception {
        int refused = 0;
        for (int i = 0; i < TAKEOVERS; i++) {
            String one = id + i;
            try (KafkaProducer<byte[], byte[]> former = connection.producer(Map.of("transactional.id", one))) {
                former.initTransactions();
                former.beginTransaction();
                former.send(frame()).get();
                FrameSender successor = new FrameSender(connection, one, Lease.ENDLESS);
                TimeUnit.MILLISECONDS.sleep(10L * i);
                Throwable failure = catchThrowable(former::commitTransaction);
                await().atMost(PATIENCE).until(successor::isReady);
                successor.close();

                if (failure != null && !isOfTheBroker(failure)) {
                    assertThat(FrameSender.isFence(failure)).as("%s", failure).isTrue();
                    refused++;
                }
            }
        }
        assertThat(refused).isPositive();
    }

    private static boolean isOfTheBroker(Throwable failure) {
        return failure.getMessage().contains(Errors.UNKNOWN_SERVER_ERROR.message());
    }

    @Test
    void whoeverMayNotFilmFencesNobody() {
        Lease lease = new Lease(Duration.ofSeconds(60));
        try (KafkaProducer<byte[], byte[]> owner = connection.producer(Map.of("transactional.id", id));
                FrameSender other = new FrameSender(connection, id, lease)) {
            owner.initTransactions();
            await().during(Duration.ofSeconds(3)).atMost(PATIENCE).until(() -> !other.isReady());

            owner.beginTransaction();
            owner.send(frame());
            owner.commitTransaction();

            lease.renew(System.nanoTime());
            await().atMost(PATIENCE).until(other::isReady);
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
