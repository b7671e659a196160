package io.facestream.web.cameras;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.database.Refusal;
import io.facestream.database.Sql;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.Topic;
import io.facestream.web.ProblemException;
import io.facestream.web.Texts;
import io.facestream.web.users.WebSession;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/**
 * Shows single frames of cameras, while their topics hold them. Whoever looks at one leaves a row in the audit trail.
 */
@ApplicationScoped
public class FramesTopic {
    private static final Logger LOG = Logger.getLogger(FramesTopic.class);
    private static final Duration CALL = Duration.ofSeconds(5);

    private final KafkaConnection kafka;
    private final Instance<DataSource> database;

    /** @param database present if the role is switched on */
    FramesTopic(Config properties, Instance<DataSource> database) {
        this.kafka = KafkaConnection.from(properties);
        this.database = database;
    }

    /**
     * The picture at a place; empty if it is not there any more, or not to be shown.
     *
     * @param isShowable of the record, whose key is the camera and whose value is a picture
     */
    public Optional<CameraPicture> at(RecordPointer pointer, Predicate<ConsumerRecord<byte[], byte[]>> isShowable) {
        TopicPartition place = new TopicPartition(pointer.topic(), pointer.partition());
        try (KafkaConsumer<byte[], byte[]> consumer =
                kafka.consumer(Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1))) {
            consumer.assign(List.of(place));
            if (pointer.offset()
                            < consumer.beginningOffsets(List.of(place), CALL).getOrDefault(place, 0L)
                    || pointer.offset()
                            >= consumer.endOffsets(List.of(place), CALL).getOrDefault(place, 0L)) {
                return Optional.empty();
            }
            consumer.seek(place, pointer.offset());
            return consumer.poll(CALL).records(place).stream()
                    .filter(record -> record.offset() == pointer.offset() && isPicture(record))
                    .filter(isShowable)
                    .map(record -> new CameraPicture(camera(record), record.value()))
                    .findFirst();
        } catch (KafkaException e) {
            LOG.debugf("%s cannot be read for the page: %s", pointer, Refusal.oneLine(e));
            return Optional.empty();
        }
    }

    /** A camera's frame; empty if it is not there any more, or a topic made anew has another camera's there. */
    public Optional<CameraPicture> frame(int partition, long offset, String camera) {
        return at(new RecordPointer(Topic.CAMERA_FRAMES.topicName(), partition, offset), record -> camera(record)
                .equals(Texts.cut(camera)));
    }

    /** Whether a record has a camera and what a browser takes for a picture. */
    public static boolean isPicture(ConsumerRecord<byte[], byte[]> record) {
        return record.key() != null && record.value() != null && CameraPicture.type(record.value()) != null;
    }

    /** The camera that a frame is of. */
    private static String camera(ConsumerRecord<byte[], byte[]> record) {
        return Texts.cut(new String(record.key(), UTF_8));
    }

    /** The answer that shows it. Its camera is looked at, as live: the row in the audit trail is the same. */
    public Response show(WebSession session, Optional<CameraPicture> found) throws SQLException {
        CameraPicture picture = found.orElseThrow(FramesTopic::noPicture);
        boolean isRecorded = Sql.on(
                        database.get(),
                        sql -> sql.first(
                                "select facestream.watch_live(?, ?)",
                                row -> row.getBoolean(1),
                                session.tokenSha256(),
                                Sql.array("text", new String[] {picture.camera()})))
                .orElse(false);
        if (!isRecorded) {
            throw noPicture();
        }
        return Response.ok(picture.image(), picture.type())
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    private static ProblemException noPicture() {
        return new ProblemException("no-picture", "There is no such picture any more", 404, null);
    }
}
