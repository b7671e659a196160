package io.facestream.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.net.URI;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * The topic {@code model-releases}, which tells every replica that the registry has changed. A replica that misses a
 * record sees the change when it next polls the registry. Commands write the topic too, outside the service and its
 * channels: hence a producer of its own.
 */
public final class ReleaseTopic {
    private static final URI SOURCE = URI.create("/facestream/models");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final KafkaConnection connection;
    private final TopicsConfig topics;

    public ReleaseTopic(KafkaConnection connection, TopicsConfig topics) {
        this.connection = connection;
        this.topics = topics;
    }

    /**
     * Announces that {@code version} is now active.
     *
     * @param type of the event
     * @param release for its JSON
     * @throws IllegalStateException if the broker does not take it
     */
    public void announce(String version, String type, Object release) {
        TopicAdmin.ensure(connection, topics, List.of(Topic.MODEL_RELEASES));
        CloudEvent event = CloudEventBuilder.v1()
                .withId(UUID.randomUUID().toString())
                .withSource(SOURCE)
                .withType(type)
                .withSubject(version)
                .withTime(OffsetDateTime.now(ZoneOffset.UTC))
                .withData("application/json", Json.write(release))
                .build();
        Map<String, Object> settings = Map.of(
                "max.block.ms", (int) PATIENCE.toMillis(),
                "request.timeout.ms", (int) PATIENCE.toMillis() / 2,
                "delivery.timeout.ms", (int) PATIENCE.toMillis());
        try (KafkaProducer<byte[], byte[]> producer = connection.producer(settings)) {
            producer.send(CloudEventRecords.write(Topic.MODEL_RELEASES, null, version.getBytes(UTF_8), event))
                    .get(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while announcing " + version, e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(version + " was not announced on " + Topic.MODEL_RELEASES.topicName(), e);
        }
    }
}
