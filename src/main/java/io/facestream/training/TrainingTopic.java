package io.facestream.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cloudevents.core.builder.CloudEventBuilder;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Topic;
import io.facestream.training.commands.TrainingCommand;
import java.net.URI;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The records of {@code training-commands}, for those who ask. */
public final class TrainingTopic {
    private TrainingTopic() {}

    /**
     * A command, keyed by its id.
     *
     * @param command its JSON
     * @param source who asks
     */
    public static ProducerRecord<byte[], byte[]> record(UUID id, byte[] command, URI source) {
        return CloudEventRecords.write(
                Topic.TRAINING_COMMANDS,
                null,
                id.toString().getBytes(UTF_8),
                CloudEventBuilder.v1()
                        .withId(id.toString())
                        .withSource(source)
                        .withType(TrainingCommand.TYPE)
                        .withSubject(id.toString())
                        .withData("application/json", command)
                        .build());
    }
}
