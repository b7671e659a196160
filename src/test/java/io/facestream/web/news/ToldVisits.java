package io.facestream.web.news;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cloudevents.core.builder.CloudEventBuilder;
import io.facestream.alerts.Visits;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.Topic;
import io.facestream.sightings.message.Sighting;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;

/** Visits of somebody unknown, as the role sightings tells of them. */
public final class ToldVisits {
    private final KafkaProducer<byte[], byte[]> producer;

    public ToldVisits(KafkaProducer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    /** Tells of a new visit to a camera, and returns its id. */
    public String appear(String camera) throws InterruptedException, ExecutionException {
        Sighting visit =
                Visits.message(camera, UUID.randomUUID().toString(), 1, Sighting.Change.APPEARED, null, Instant.now());
        producer.send(CloudEventRecords.write(
                        Topic.SIGHTINGS,
                        0,
                        camera.getBytes(UTF_8),
                        CloudEventBuilder.v1()
                                .withId(visit.id())
                                .withSource(URI.create(visit.source()))
                                .withType(Sighting.TYPE)
                                .withSubject(camera)
                                .withTime(visit.lastSeen().atOffset(ZoneOffset.UTC))
                                .withData("application/json", Json.write(visit))
                                .build()))
                .get();
        return visit.sightingId();
    }
}
