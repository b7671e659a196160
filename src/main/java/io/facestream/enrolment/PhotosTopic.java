package io.facestream.enrolment;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.facestream.frames.FrameTopic;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Topic;
import java.net.URI;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The records of {@code labelled-faces}, for those who publish photos of people. */
public final class PhotosTopic {
    /** The largest photo, in bytes: what the topic accepts, less the record's headers. */
    public static final int LARGEST = Topic.LABELLED_FACES.maxMessageBytes() - (64 << 10);

    private static final URI SOURCE = URI.create("/facestream/enrol");

    private PhotosTopic() {}

    /**
     * A photo of a person.
     *
     * @param id identifies the answer on {@code enrolments}
     * @param accept reasons to ignore when enrolling, as {@link Acceptance#header} writes them; empty for none
     */
    public static ProducerRecord<byte[], byte[]> record(String name, String id, byte[] photo, String accept) {
        CloudEvent event = CloudEventBuilder.v1()
                .withId(id)
                .withSource(SOURCE)
                .withType(CloudEventRecords.type("labelled-face"))
                .withSubject(name)
                .withData(FrameTopic.contentType(photo), photo)
                .build();
        ProducerRecord<byte[], byte[]> record =
                CloudEventRecords.write(Topic.LABELLED_FACES, null, name.getBytes(UTF_8), event);
        if (!accept.isEmpty()) {
            record.headers().add(Acceptance.HEADER, accept.getBytes(UTF_8));
        }
        return record;
    }
}
