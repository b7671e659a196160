package io.facestream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.facestream.curation.message.GalleryEvent;
import io.facestream.embedded.TestServices;
import io.facestream.enrolment.EnrolmentAnswer;
import io.facestream.frames.TestPictures;
import io.facestream.gallery.TestGallery;
import io.facestream.messaging.Json;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.Topic;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whoever is erased stays so, whatever is read meanwhile and afterwards. Each name is fenced, so no two tests share
 * one.
 */
@QuarkusTest
@Tag("application")
@TestProfile(AllRoles.class)
class ErasureOverKafkaTest {
    private static final byte[] GRACE = TestPictures.sample("people/Grace_Hopper/us-navy.jpg");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration BETWEEN_FRAMES = Duration.ofMillis(150);
    private static final int MOST_FRAMES = 400;
    private static final String ENROLMENT = "facestream-enrolment";
    private static final String PROJECTION = "facestream-sightings-projection";

    private final DataSource database = AllRoles.database();
    private final KafkaConnection connection =
            KafkaConnection.to(TestServices.kafka().bootstrapServers());
    private Topics topics;

    @BeforeEach
    void connect() throws SQLException {
        topics = new Topics();
        AllRoles.execute(database, "delete from facestream.identity");
    }

    @AfterEach
    void close() throws SQLException {
        topics.close();
        AllRoles.execute(database, "delete from facestream.identity");
    }

    private List<String> query(String sql) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return TestGallery.query(connection, sql);
        }
    }

    private EnrolmentAnswer enrol(String name) {
        RecordPointer published = topics.publish(Topic.LABELLED_FACES, null, name, GRACE, Map.of());
        return answer(
                topics.await(Topic.ENROLMENTS, record -> answer(record).photo().equals(published)));
    }

    private static EnrolmentAnswer answer(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Json.read(record.value(), EnrolmentAnswer.class);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private GalleryEvent erase(String name) throws Exception {
        String id = UUID.randomUUID().toString();
        byte[] command = Json.write(Map.of("command", "erase", "commandId", id, "person", name));
        topics.publish(Topic.GALLERY_COMMANDS, null, id, command, Map.of());
        return Json.read(
                topics.await(
                                Topic.GALLERY_EVENTS,
                                record -> record.key() != null && id.equals(new String(record.key(), UTF_8)))
                        .value(),
                GalleryEvent.class);
    }

    private RecordPointer film(String camera) {
        return topics.publish(Topic.CAMERA_FRAMES, null, camera, GRACE, Map.of());
    }

    private void awaitVisit(String camera, String name) {
        await().atMost(PATIENCE).until(() -> !query("select 1 from facestream.sighting_log where camera = '" + camera
                        + "' and name = '" + name + "'")
                .isEmpty());
    }

    /** In the database. */
    private void awaitEndOfVisit(String camera) {
        await().atMost(PATIENCE).until(() -> !query(
                        "select 1 from facestream.sighting where change = 'left' and camera = '" + camera + "'")
                .isEmpty());
    }

    /** Waits until a group has read everything that is on a topic. */
    private void awaitRead(String group, Topic topic) {
        Map<TopicPartition, Long> last = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : topics.all(topic)) {
            last.merge(new TopicPartition(record.topic(), record.partition()), record.offset(), Math::max);
        }
        try (Admin admin = connection.admin()) {
            await().atMost(PATIENCE).until(() -> {
                Map<TopicPartition, OffsetAndMetadata> read = read(admin, group);
                return last.entrySet().stream()
                        .allMatch(end -> read.containsKey(end.getKey())
                                && read.get(end.getKey()).offset() > end.getValue());
            });
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> read(Admin admin, String group) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> read = new HashMap<>(admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get());
        read.values().removeIf(offset -> offset == null);
        return read;
    }

    private Map<TopicPartition, OffsetAndMetadata> ends(Topic topic) {
        Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
        topics.ends(topic).forEach((partition, end) -> ends.put(partition, new OffsetAndMetadata(end)));
        return ends;
    }

    /** As an operator does who has stopped the role; here it is thrown out, and comes back at once. */
    private void rewind(String group, Map<TopicPartition, OffsetAndMetadata> to) {
        try (Admin admin = connection.admin()) {
            await().atMost(PATIENCE).until(() -> {
                try {
                    admin.removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions())
                            .all()
                            .get();
                    admin.alterConsumerGroupOffsets(group, to).all().get();
                    return true;
                } catch (ExecutionException e) {
                    return false; // it came back too soon
                }
            });
        }
    }

    @Test
    void nothingComesBackThoughPhotosAndVisitsAreReadAgainFromTheBeginning() throws Exception {
        String name = "Commodore Again";
        Map<TopicPartition, OffsetAndMetadata> photos = ends(Topic.LABELLED_FACES);
        Map<TopicPartition, OffsetAndMetadata> visits = ends(Topic.SIGHTINGS);
        assertThat(enrol(name)).isInstanceOf(EnrolmentAnswer.Accepted.class);
        for (int frame = 0; frame < 10; frame++) {
            film("erased-again");
            Thread.sleep(BETWEEN_FRAMES.toMillis());
        }
        awaitVisit("erased-again", name);
        awaitEndOfVisit("erased-again");
        GalleryEvent erased = erase(name);
        // So it is seen when visits have been read again: the channel commits no offset twice.
        AllRoles.execute(database, "delete from facestream.sighting where camera = 'erased-again'");

        rewind(ENROLMENT, photos);
        rewind(PROJECTION, visits);
        awaitRead(ENROLMENT, Topic.LABELLED_FACES);
        awaitEndOfVisit("erased-again");

        assertThat(topics.all(Topic.ENROLMENTS))
                .as("the photo was read again")
                .filteredOn(record -> record.key() != null && name.equals(new String(record.key(), UTF_8)))
                .last()
                .satisfies(
                        record -> assertThat(new String(record.value(), UTF_8)).contains("\"reason\":\"erased\""));
        assertThat(left(erased)).isEmpty();
        assertThat(query("select distinct kind from facestream.sighting_log where camera = 'erased-again'"))
                .containsExactly("unknown");
    }

    @Test
    void nothingIsLeftOfWhomAnErasureMetWhileFramesWereRecognised() throws Exception {
        String name = "Commodore Meanwhile";
        assertThat(enrol(name)).isInstanceOf(EnrolmentAnswer.Accepted.class);
        CompletableFuture<Void> enough = new CompletableFuture<>();
        CompletableFuture<RecordPointer> camera = CompletableFuture.supplyAsync(() -> {
            RecordPointer last = film("erased-meanwhile");
            for (int frame = 1; frame < MOST_FRAMES && !enough.isDone(); frame++) {
                last = film("erased-meanwhile");
                sleep(BETWEEN_FRAMES);
            }
            return last;
        });
        awaitVisit("erased-meanwhile", name);

        GalleryEvent erased = erase(name);

        assertThat(camera).as("frames still come").isNotDone();
        sleep(Duration.ofSeconds(3));
        enough.complete(null);
        topics.awaitMark(Topic.IDENTITY_EVENTS, camera.get());
        awaitEndOfVisit("erased-meanwhile");
        assertThat(erased.erased())
                .filteredOn(table -> table.table().equals("face_sample"))
                .containsExactly(new GalleryEvent.Erased("face_sample", 1, 0));
        assertThat(erased.erased())
                .allSatisfy(table -> assertThat(table.remaining()).isZero());
        assertThat(left(erased)).isEmpty();
    }

    private List<String> left(GalleryEvent erased) throws SQLException {
        return query(
                "select what, remains from facestream.erasure_left('" + erased.commandId() + "') where remains <> 0");
    }

    private static void sleep(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
