package io.facestream.sightings.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.Topic;
import io.facestream.sightings.message.Sighting;
import java.net.URI;
import java.time.ZoneOffset;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The topics that the topology reads and writes, and the records of {@code sightings}. */
final class SightingsTopic {
    static final String VECTORS = Topic.FACE_EMBEDDINGS.topicName();
    static final String EVENTS = Topic.IDENTITY_EVENTS.topicName();
    static final String SIGHTINGS = Topic.SIGHTINGS.topicName();
    static final String REJECTED = Topic.REJECTED_RECORDS.topicName();

    /** The largest record that is written: a rejected one. */
    static final int MOST_BYTES = Topic.REJECTED_RECORDS.maxMessageBytes();

    private SightingsTopic() {}

    /** The record of a message, for the partition that its frames were read from. */
    static ProducerRecord<byte[], byte[]> record(Sighting sighting, int partition) {
        CloudEvent event = CloudEventBuilder.v1()
                .withId(sighting.id())
                .withSource(URI.create(sighting.source()))
                .withType(Sighting.TYPE)
                .withSubject(sighting.camera())
                .withTime(sighting.lastSeen().atOffset(ZoneOffset.UTC))
                .withData("application/json", Json.write(sighting))
                .build();
        return CloudEventRecords.write(
                Topic.SIGHTINGS, partition, sighting.camera().getBytes(UTF_8), event);
    }
}
