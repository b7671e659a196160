package io.facestream.curation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.facestream.curation.message.GalleryCommand;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Topic;
import java.net.URI;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The records of {@code gallery-commands}, for those who ask. */
public final class CommandsTopic {
    /** The largest command, in bytes of JSON: what the topic accepts, less the record's headers. */
    public static final int LARGEST = Topic.GALLERY_COMMANDS.maxMessageBytes() - (16 << 10);

    private static final URI SOURCE = URI.create("/facestream/gallery");

    private CommandsTopic() {}

    /**
     * A command, keyed by its id.
     *
     * @param command its JSON
     * @param requestedBy who asks; of a longer name, the first {@value GalleryCommand#MOST_REQUESTED_BY} characters
     */
    public static ProducerRecord<byte[], byte[]> record(UUID id, byte[] command, String requestedBy) {
        CloudEvent event = CloudEventBuilder.v1()
                .withId(id.toString())
                .withSource(SOURCE)
                .withType(GalleryCommand.TYPE)
                .withSubject(id.toString())
                .withData("application/json", command)
                .build();
        ProducerRecord<byte[], byte[]> record = CloudEventRecords.write(
                Topic.GALLERY_COMMANDS, null, id.toString().getBytes(UTF_8), event);
        String asker = requestedBy.substring(0, Math.min(requestedBy.length(), GalleryCommand.MOST_REQUESTED_BY));
        record.headers().add(GalleryCommand.REQUESTED_BY, asker.getBytes(UTF_8));
        return record;
    }
}
