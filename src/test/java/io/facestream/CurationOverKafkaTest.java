package io.facestream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.facestream.curation.message.GalleryEvent;
import io.facestream.curation.message.GalleryEvent.State;
import io.facestream.enrolment.EnrolmentAnswer;
import io.facestream.frames.TestPictures;
import io.facestream.identities.Identification;
import io.facestream.identities.IdentityEvent;
import io.facestream.messaging.Json;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.Topic;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Commands from a producer of any language, and what the other roles make of their effects. */
@QuarkusTest
@Tag("application")
@TestProfile(AllRoles.class)
class CurationOverKafkaTest {
    private static final byte[] GRACE = TestPictures.sample("people/Grace_Hopper/us-navy.jpg");

    private final DataSource database = AllRoles.database();
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

    private static String id() {
        return UUID.randomUUID().toString();
    }

    private GalleryEvent ask(Map<String, Object> fields) throws Exception {
        return ask(id(), fields);
    }

    private GalleryEvent ask(String id, Map<String, Object> fields) throws Exception {
        Map<String, Object> command = new HashMap<>(fields);
        command.put("commandId", id);
        topics.publish(Topic.GALLERY_COMMANDS, null, id, Json.write(command), Map.of());
        return Json.read(
                topics.await(Topic.GALLERY_EVENTS, record -> id.equals(key(record)))
                        .value(),
                GalleryEvent.class);
    }

    private static String key(ConsumerRecord<byte[], byte[]> record) {
        return record.key() == null ? null : new String(record.key(), UTF_8);
    }

    private EnrolmentAnswer enrol(String name, byte[] photo) throws Exception {
        RecordPointer published = topics.publish(Topic.LABELLED_FACES, null, name, photo, Map.of());
        return Json.read(
                topics.await(Topic.ENROLMENTS, record -> {
                            try {
                                return Json.read(record.value(), EnrolmentAnswer.class)
                                        .photo()
                                        .equals(published);
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        })
                        .value(),
                EnrolmentAnswer.class);
    }

    private IdentityEvent event() throws Exception {
        return event(GRACE);
    }

    private IdentityEvent event(byte[] picture) throws Exception {
        RecordPointer frame = topics.publish(Topic.CAMERA_FRAMES, null, "curation", picture, Map.of());
        return Json.read(topics.awaitFaces(Topic.IDENTITY_EVENTS, frame).get(0).value(), IdentityEvent.class);
    }

    @Test
    void whoeverIsRenamedAndMergedIsSoInTheNextEventAndEnrolledByEveryName() throws Exception {
        assertThat(enrol("Grace Murray", GRACE)).isInstanceOf(EnrolmentAnswer.Accepted.class);
        String rename = id();
        GalleryEvent renamed =
                ask(rename, Map.of("command", "rename", "person", "Grace Murray", "name", "Grace Hopper"));
        assertThat(renamed.state()).as("%s", renamed).isEqualTo(State.DONE);
        assertThat(event().judgement().name()).isEqualTo("Grace Hopper");

        GalleryEvent admiral = ask(Map.of("command", "create", "name", "Admiral"));
        String merge = id();
        GalleryEvent merged =
                ask(merge, Map.of("command", "merge", "people", new String[] {"Grace Hopper"}, "into", "Admiral"));
        assertThat(merged.samples()).isEqualTo(1);
        IdentityEvent event = event();
        assertThat(event.judgement().name()).isEqualTo("Admiral");
        assertThat(event.judgement().identityId()).isEqualTo(admiral.person());
        assertThat(event.galleryRevision()).isGreaterThanOrEqualTo(merged.revision());

        // The photo that is there already, by each of the three names: it is the same person's.
        for (String name : new String[] {"Grace Murray", "Grace Hopper", "Admiral"}) {
            assertThat(enrol(name, GRACE)).as(name).isInstanceOf(EnrolmentAnswer.Accepted.class);
        }

        assertThat(ask(Map.of("command", "undo", "target", merge)).state()).isEqualTo(State.DONE);
        assertThat(event().judgement().name()).isEqualTo("Grace Hopper");
        assertThat(ask(Map.of("command", "undo", "target", rename)).state()).isEqualTo(State.DONE);
        assertThat(event().judgement().name()).isEqualTo("Grace Murray");
    }

    @Test
    void aCommandThatIsSentAgainHasTheSameAnswerAgain() throws Exception {
        String id = id();
        GalleryEvent first = ask(id, Map.of("command", "create", "name", "Ada"));
        int answers = answers(id);

        ask(id, Map.of("command", "create", "name", "Ada"));
        await().untilAsserted(() -> assertThat(answers(id)).isGreaterThan(answers));

        assertThat(topics.all(Topic.GALLERY_EVENTS))
                .filteredOn(record -> id.equals(key(record)))
                .allSatisfy(record -> assertThat(Json.read(record.value(), GalleryEvent.class))
                        .isEqualTo(first));
    }

    private int answers(String id) {
        return (int) topics.all(Topic.GALLERY_EVENTS).stream()
                .filter(record -> id.equals(key(record)))
                .count();
    }

    @Test
    void whatIsNoCommandIsAnsweredAndHoldsNobodyUp() throws Exception {
        String id = id();
        topics.publish(Topic.GALLERY_COMMANDS, null, id, "{\"command\":\"teleport\"}".getBytes(UTF_8), Map.of());
        topics.publish(Topic.GALLERY_COMMANDS, null, (byte[]) null, null, Map.of());

        GalleryEvent next = ask(Map.of("command", "create", "name", "Ada"));

        assertThat(next.state()).isEqualTo(State.DONE);
        GalleryEvent refused = Json.read(
                topics.await(Topic.GALLERY_EVENTS, record -> id.equals(key(record)))
                        .value(),
                GalleryEvent.class);
        assertThat(refused.state()).isEqualTo(State.REJECTED);
        assertThat(refused.reason()).isEqualTo(GalleryEvent.BAD_COMMAND);
    }

    @Test
    void aFaceThatWasSaidNotToBeThePersonsIsUnknownInTheNextEvent() throws Exception {
        // Near the photo, as somebody who looks alike is, and a little nearer to itself.
        byte[] alike = TestPictures.encode(TestPictures.scaled(TestPictures.image(GRACE), 0.7), "jpg");
        assertThat(enrol("Bob", GRACE)).isInstanceOf(EnrolmentAnswer.Accepted.class);
        IdentityEvent before = event(alike);
        assertThat(before.judgement().name()).isEqualTo("Bob");

        GalleryEvent denied = ask(Map.of(
                "command",
                "not-this-person",
                "person",
                "Bob",
                "face",
                Map.of(
                        "source",
                        before.origin().source(),
                        "eventId",
                        before.eventId(),
                        "chip",
                        before.pointers().chip())));

        assertThat(denied.state()).as("%s", denied).isEqualTo(State.DONE);
        IdentityEvent after = event(alike);
        assertThat(after.galleryRevision()).isGreaterThanOrEqualTo(denied.revision());
        assertThat(after.judgement().decision()).isEqualTo(Identification.Decision.UNKNOWN);
        assertThat(after.judgement().reason()).isEqualTo(Identification.Reason.NOT_THIS_PERSON);
        assertThat(event(GRACE).judgement().name()).isEqualTo("Bob");
    }

    /** The name is fenced for a minute, which is why no other test has it. */
    @Test
    void whoeverIsErasedIsUnknownInTheNextEvent() throws Exception {
        assertThat(enrol("Rear Admiral", GRACE)).isInstanceOf(EnrolmentAnswer.Accepted.class);
        assertThat(event().judgement().name()).isEqualTo("Rear Admiral");

        GalleryEvent erased = ask(Map.of("command", "erase", "person", "Rear Admiral"));

        assertThat(erased.erased()).contains(new GalleryEvent.Erased("face_sample", 1, 0));
        assertThat(event().judgement().name()).isNull();
        assertThat(ask(Map.of("command", "tag", "people", new String[] {"Rear Admiral"}, "tag", "x"))
                        .reason())
                .isEqualTo("no-such-person");
    }
}
