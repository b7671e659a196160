package io.facestream.curation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Topic;
import java.net.URI;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The records of {@code gallery-events}. */
final class EventsTopic {
    private static final URI SOURCE = URI.create("/facestream/curation");

    private EventsTopic() {}

    /**
     * A command's answer. Its event has the command's id, so that one that is published twice is one event.
     *
     * @param commandId the record's key; null if there is none
     */
    static ProducerRecord<byte[], byte[]> record(String commandId, byte[] answer) {
        return record(commandId, commandId == null ? UUID.randomUUID().toString() : commandId, answer);
    }

    /** That an erasure is verified, which is another event than its answer. */
    static ProducerRecord<byte[], byte[]> verified(String commandId, byte[] event) {
        return record(commandId, commandId + "-verified", event);
    }

    private static ProducerRecord<byte[], byte[]> record(String commandId, String id, byte[] answer) {
        CloudEvent event = CloudEventBuilder.v1()
                .withId(id)
                .withSource(SOURCE)
                .withType(GalleryEvent.TYPE)
                .withSubject(commandId)
                .withTime(OffsetDateTime.now(ZoneOffset.UTC))
                .withData("application/json", answer)
                .build();
        return CloudEventRecords.write(
                Topic.GALLERY_EVENTS, null, commandId == null ? null : commandId.getBytes(UTF_8), event);
    }
}
