package io.facestream.sightings.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.facestream.embedded.EmbeddedKafka;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.TestTopicsConfig;
import io.facestream.messaging.Topic;
import io.facestream.messaging.TopicAdmin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputConsumerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(100);

    /** Polling a broker that is away returns nothing, as polling an idle one does. */
    @Test
    void withoutItsBrokerItMakesNoGoodSteps(@TempDir Path folder) {
        EmbeddedKafka broker = EmbeddedKafka.start(folder, 0);
        KafkaConnection connection = KafkaConnection.to(broker.bootstrapServers());
        TopicAdmin.ensure(connection, new TestTopicsConfig(1, true), List.of(Topic.IDENTITY_EVENTS));
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                ConsumerConfig.GROUP_ID_CONFIG,
                "input-consumer-test",
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                Math.toIntExact(InputConsumer.SESSION.toMillis()));
        try (InputConsumer consumer = new InputConsumer(settings, polled -> {})) {
            consumer.subscribe(List.of(Topic.IDENTITY_EVENTS.topicName()));
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(POLL);
                return consumer.hasBegun();
            });
            consumer.poll(POLL);
            assertThat(consumer.sinceLastGoodStep()).isLessThan(Duration.ofSeconds(10));
            broker.close();

            await().atMost(PATIENCE).until(() -> {
                consumer.poll(POLL);
                return consumer.sinceLastGoodStep().compareTo(Duration.ofSeconds(15)) > 0;
            });
        } finally {
            broker.close();
        }
    }
}
