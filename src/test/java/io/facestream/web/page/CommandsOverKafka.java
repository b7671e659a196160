package io.facestream.web.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.facestream.curation.message.GalleryCommand;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.embedded.TestServices;
import io.facestream.messaging.Json;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Topic;
import io.facestream.web.WebApi;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sends commands to the running role curation, and finds their answers where it stores them. */
@Alternative
@ApplicationScoped
class CommandsOverKafka implements Changes {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final WebApi api = new WebApi();

    @Override
    public GalleryEvent ask(GalleryCommand command, String requestedBy) {
        String id = command.commandId().toString();
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(Topic.GALLERY_COMMANDS.topicName(), id.getBytes(UTF_8), Json.write(command));
        record.headers().add(GalleryCommand.REQUESTED_BY, requestedBy.getBytes(UTF_8));
        try (KafkaProducer<byte[], byte[]> producer =
                KafkaConnection.to(TestServices.kafka().bootstrapServers()).producer(Map.of())) {
            producer.send(record);
        }
        String answer = await().atMost(PATIENCE)
                .until(
                        () -> api.query(
                                "select answer from facestream.gallery_command where id = ?::uuid and answer is not null",
                                id),
                        found -> !found.isEmpty())
                .get(0);
        try {
            return Json.read(answer.getBytes(UTF_8), GalleryEvent.class);
        } catch (RejectedException e) {
            throw new IllegalStateException(List.of(answer).toString(), e);
        }
    }
}
