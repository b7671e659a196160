package io.facestream.sightings.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.facestream.curation.CommandsTopic;
import io.facestream.curation.message.GalleryCommand.KeepStranger;
import io.facestream.curation.message.StrangerShot;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.Topic;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.visits.StrangerVisit;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The topics that the topology reads and writes, and the records of {@code sightings}. */
final class SightingsTopic {
    static final String VECTORS = Topic.FACE_EMBEDDINGS.topicName();
    static final String EVENTS = Topic.IDENTITY_EVENTS.topicName();
    static final String SIGHTINGS = Topic.SIGHTINGS.topicName();
    static final String COMMANDS = Topic.GALLERY_COMMANDS.topicName();
    static final String REJECTED = Topic.REJECTED_RECORDS.topicName();

    /** The largest record that is written: a rejected one. */
    static final int MOST_BYTES = Topic.REJECTED_RECORDS.maxMessageBytes();

    /** Names the ids of visits among those of commands. */
    private static final UUID NAMESPACE = UUID.fromString("9c4b9f5e-60e8-4d25-9a63-5a5c1f0f6d0b");

    private static final String REQUESTED_BY = "facestream-sightings";

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

    /** The command to keep whom a visit is of. A visit has one, however often it is written. */
    static ProducerRecord<byte[], byte[]> keepStranger(StrangerVisit visit) {
        UUID id = version5(NAMESPACE, visit.source() + " " + visit.sightingId());
        KeepStranger command = new KeepStranger(
                id,
                visit.source(),
                visit.sightingId(),
                visit.stranger(),
                visit.shots().stream()
                        .map(shot ->
                                new StrangerShot(shot.eventId(), shot.pointers().chip(), shot.quality()))
                        .toList());
        return CommandsTopic.record(id, Json.write(command), REQUESTED_BY);
    }

    /** A UUID of version 5: RFC 9562, section 5.5. */
    static UUID version5(UUID namespace, String name) {
        byte[] hash;
        try {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(ByteBuffer.allocate(16)
                    .putLong(namespace.getMostSignificantBits())
                    .putLong(namespace.getLeastSignificantBits())
                    .flip());
            hash = sha1.digest(name.getBytes(UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
        ByteBuffer bytes = ByteBuffer.wrap(hash);
        return new UUID(
                bytes.getLong() & 0xffffffffffff0fffL | 0x5000L,
                bytes.getLong() & 0x3fffffffffffffffL | 0x8000000000000000L);
    }
}
