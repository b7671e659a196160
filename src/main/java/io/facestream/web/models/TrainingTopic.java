package io.facestream.web.models;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cloudevents.core.builder.CloudEventBuilder;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.Json;
import io.facestream.messaging.Topic;
import io.facestream.training.commands.TrainingCommand;
import java.net.URI;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Records of {@code training-commands}, as the page asks for them. */
final class TrainingTopic {
    private static final URI SOURCE = URI.create("/facestream/web");

    private TrainingTopic() {}

    /** A command, keyed by its id. */
    static ProducerRecord<byte[], byte[]> record(TrainingCommand command) {
        String id = command.commandId().toString();
        return CloudEventRecords.write(
                Topic.TRAINING_COMMANDS,
                null,
                id.getBytes(UTF_8),
                CloudEventBuilder.v1()
                        .withId(id)
                        .withSource(SOURCE)
                        .withType(TrainingCommand.TYPE)
                        .withSubject(id)
                        .withData("application/json", Json.write(command))
                        .build());
    }
}
