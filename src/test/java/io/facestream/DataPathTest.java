package io.facestream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facestream.embeddings.EmbeddedFace;
import io.facestream.enrolment.EnrolmentAnswer;
import io.facestream.enrolment.EnrolmentReason;
import io.facestream.faces.Face;
import io.facestream.faces.FrameMark;
import io.facestream.frames.TestPictures;
import io.facestream.identities.Identification;
import io.facestream.identities.IdentityEvent;
import io.facestream.messaging.Json;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.Sha256;
import io.facestream.messaging.Topic;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** From labelled photos and frames to names, through every role, on a real broker and a real database. */
@QuarkusTest
@Tag("application")
@TestProfile(AllRoles.class)
class DataPathTest {
    private static final String GRACE = "Grace_Hopper";
    private static final byte[] GRACES_PHOTO = TestPictures.sample("people/Grace_Hopper/us-navy.jpg");
    private static final String EILEEN = "Eileen_Collins";
    private static final byte[] EILEENS_PHOTO = TestPictures.sample("people/Eileen_Collins/nasa.jpg");
    private static final byte[] STRANGERS_PHOTO = TestPictures.sample("strangers/Aksel_Andersson/print.jpg");

    private final DataSource database = AllRoles.database();
    private Topics topics;

    @BeforeEach
    void connect() {
        topics = new Topics();
    }

    @AfterEach
    void disconnect() {
        topics.close();
    }

    @Test
    void aPlainFrameOfAnEnrolledPersonBecomesAKnownEventWithTheirName() throws Exception {
        EnrolmentAnswer.Accepted enrolled = accepted(enrol(GRACE, GRACES_PHOTO));

        RecordPointer frame = topics.publish(Topic.CAMERA_FRAMES, null, "lobby", GRACES_PHOTO, Map.of());

        ConsumerRecord<byte[], byte[]> record = onlyFace(Topic.IDENTITY_EVENTS, frame);
        IdentityEvent event = Json.read(record.value(), IdentityEvent.class);
        assertThat(event.judgement().decision()).isEqualTo(Identification.Decision.KNOWN);
        assertThat(event.judgement().name()).isEqualTo(GRACE);
        assertThat(event.judgement().identityId()).isEqualTo(enrolled.identityId());
        assertThat(event.judgement().distance()).isBetween(0f, event.judgement().threshold());
        assertThat(event.judgement().candidates().get(0).identityId()).isEqualTo(enrolled.identityId());
        assertThat(event.origin().camera()).isEqualTo("lobby");
        assertThat(event.origin().frameId()).isEqualTo(frame.toString());
        assertThat(event.origin().source()).isEqualTo("/cameras/lobby");
        assertThat(event.origin().capturedAt()).isBefore(Instant.now());
        assertThat(event.origin().frameSize()).isEqualTo(new IdentityEvent.Size(512, 600));
        assertThat(event.galleryRevision()).isPositive();
        assertThat(record.key()).isEqualTo("lobby".getBytes(UTF_8));
        assertThat(record.partition()).isEqualTo(frame.partition());
        assertThat(Topics.header(record, "ce_id")).isEqualTo(frame + "#0").isEqualTo(event.eventId());
        assertThat(Topics.header(record, "ce_subject")).isEqualTo("lobby");
    }

    @Test
    void somebodyWhoStaysIsOneVisitInTheDatabase() throws Exception {
        EnrolmentAnswer.Accepted enrolled = accepted(enrol(GRACE, GRACES_PHOTO));
        String camera = "visited " + Instant.now().toEpochMilli();

        for (int frame = 0; frame < 4; frame++) {
            RecordPointer sent = topics.publish(Topic.CAMERA_FRAMES, null, camera, GRACES_PHOTO, Map.of());
            topics.awaitMark(Topic.IDENTITY_EVENTS, sent);
        }

        String visits = "select kind || ' ' || name || ' ' || identity_id || ' ' || present"
                + " from facestream.sighting_log where camera = '" + camera + "'";
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(strings(visits))
                .containsExactly("person " + GRACE + " " + enrolled.identityId() + " false"));
    }

    @Test
    void somebodyWhoIsSeenIsAnAlertAtItsReceiver() throws Exception {
        accepted(enrol(GRACE, GRACES_PHOTO));
        String camera = "alarmed " + Instant.now().toEpochMilli();

        for (int frame = 0; frame < 4; frame++) {
            RecordPointer sent = topics.publish(Topic.CAMERA_FRAMES, null, camera, GRACES_PHOTO, Map.of());
            topics.awaitMark(Topic.IDENTITY_EVENTS, sent);
        }

        String states = "select state from facestream.alert_log where rule = 'test' and camera = '" + camera + "'";
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(strings(states))
                .contains("sent")
                .allMatch(state -> state.equals("sent") || state.equals("cancelled")));
        List<JsonNode> received = received(camera);
        assertThat(received).hasSize(1);
        assertThat(received.get(0).at("/subject/name").asText()).isEqualTo(GRACE);
        assertThat(Schemas.violations("alert.json", received.get(0))).isEmpty();
    }

    /** What the webhook of the tests was sent about a camera. */
    private static List<JsonNode> received(String camera) throws Exception {
        URI receiver = ConfigProvider.getConfig().getValue("facestream.alerts.targets.test.webhook.url", URI.class);
        String bodies = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(receiver).build(), HttpResponse.BodyHandlers.ofString())
                .body();
        List<JsonNode> received = new ArrayList<>();
        for (String body : bodies.lines().toList()) {
            JsonNode alert = new ObjectMapper().readTree(body);
            if (alert.path("camera").asText().equals(camera)) {
                received.add(alert);
            }
        }
        return received;
    }

    private List<String> strings(String query) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }

    @Test
    void aFrameWithCloudEventsHeadersKeepsItsIdSourceAndTime() throws Exception {
        enrol(EILEEN, EILEENS_PHOTO);

        RecordPointer frame = topics.publish(
                Topic.CAMERA_FRAMES,
                null,
                (byte[]) null,
                EILEENS_PHOTO,
                Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", "frame-1",
                        "ce_source", "/buildings/7/cameras/gate",
                        "ce_type", "io.facestream.camera-frame.v1",
                        "ce_subject", "gate",
                        "ce_time", "2026-02-03T04:05:06.789+01:00",
                        "content-type", "image/jpeg"));

        ConsumerRecord<byte[], byte[]> record = onlyFace(Topic.IDENTITY_EVENTS, frame);
        IdentityEvent event = Json.read(record.value(), IdentityEvent.class);
        assertThat(event.judgement().name()).isEqualTo(EILEEN);
        assertThat(event.origin().camera()).isEqualTo("gate");
        assertThat(event.origin().frameId()).isEqualTo("frame-1");
        assertThat(event.origin().source()).isEqualTo("/buildings/7/cameras/gate");
        assertThat(event.origin().capturedAt()).isEqualTo(Instant.parse("2026-02-03T03:05:06.789Z"));
        assertThat(record.key()).isEqualTo("gate".getBytes(UTF_8));
        assertThat(Topics.header(record, "ce_source")).isEqualTo("/buildings/7/cameras/gate");
        assertThat(Instant.parse(Topics.header(record, "ce_time")))
                .isEqualTo(event.origin().capturedAt());
    }

    @Test
    void aStrangerIsUnknownAndNobodyIsNamed() throws Exception {
        enrol(GRACE, GRACES_PHOTO);

        RecordPointer frame = topics.publish(Topic.CAMERA_FRAMES, null, "lobby", STRANGERS_PHOTO, Map.of());

        IdentityEvent event = Json.read(onlyFace(Topic.IDENTITY_EVENTS, frame).value(), IdentityEvent.class);
        assertThat(event.judgement().decision()).isEqualTo(Identification.Decision.UNKNOWN);
        assertThat(event.judgement().identityId()).isNull();
        assertThat(event.judgement().name()).isNull();
        assertThat(event.judgement().distance()).isGreaterThan(event.judgement().threshold());
    }

    /** Sent again as a detection without the field writes it, which reads as before and is the same face. */
    @Test
    void anEventSaysHowLiveANearFaceLooksAndIsElseTheSameWithoutThat() throws Exception {
        enrol(GRACE, GRACES_PHOTO);
        byte[] wide = TestPictures.encode(TestPictures.framed(TestPictures.image(GRACES_PHOTO), 300), "jpg");

        RecordPointer frame = topics.publish(Topic.CAMERA_FRAMES, null, "near", wide, Map.of());

        ConsumerRecord<byte[], byte[]> detected = onlyFace(Topic.DETECTED_FACES, frame);
        ObjectNode with = event(onlyFace(Topic.IDENTITY_EVENTS, frame));
        Float score = Json.read(Topics.json(detected), Face.class).liveness();
        assertThat(score).isBetween(0f, 1f);
        assertThat(with.get("liveness").floatValue()).isEqualTo(score);
        assertThat(with.get("name").asText()).isEqualTo(GRACE);

        RecordPointer older = topics.publish(withoutLiveness(detected));
        ObjectNode without = event(topics.await(
                Topic.IDENTITY_EVENTS,
                record -> !Topics.isMark(record)
                        && event(record).at("/pointers/chip").equals(json(older))));
        assertThat(without.has("liveness")).isFalse();
        Set<String> ofTheRun = Set.of("liveness", "pointers", "millis");
        assertThat((JsonNode) without.deepCopy().without(ofTheRun))
                .isEqualTo(with.deepCopy().without(ofTheRun));
    }

    @Test
    void aFaceThatIsCutForTheLivenessNetworkHasNoScore() throws Exception {
        RecordPointer frame = topics.publish(Topic.CAMERA_FRAMES, null, "near", GRACES_PHOTO, Map.of());

        assertThat(event(onlyFace(Topic.IDENTITY_EVENTS, frame)).has("liveness"))
                .isFalse();
    }

    private static ProducerRecord<byte[], byte[]> withoutLiveness(ConsumerRecord<byte[], byte[]> detected)
            throws Exception {
        ObjectNode facts = (ObjectNode) new ObjectMapper().readTree(Topics.json(detected));
        facts.remove("liveness");
        RecordHeaders headers = new RecordHeaders(detected.headers());
        headers.remove("ce_face").add("ce_face", facts.toString().getBytes(UTF_8));
        return new ProducerRecord<>(detected.topic(), detected.partition(), detected.key(), detected.value(), headers);
    }

    private static ObjectNode event(ConsumerRecord<byte[], byte[]> record) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(record.value());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode json(RecordPointer pointer) {
        try {
            return new ObjectMapper().readTree(Json.write(pointer));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theMarkFollowsTheFacesOnEveryTopic() throws Exception {
        RecordPointer frame = topics.publish(Topic.CAMERA_FRAMES, null, "yard", GRACES_PHOTO, Map.of());

        for (Topic topic : List.of(Topic.DETECTED_FACES, Topic.FACE_EMBEDDINGS, Topic.IDENTITY_EVENTS)) {
            ConsumerRecord<byte[], byte[]> face = onlyFace(topic, frame);
            ConsumerRecord<byte[], byte[]> mark = topics.awaitMark(topic, frame);
            assertThat(mark.partition()).isEqualTo(face.partition()).isEqualTo(frame.partition());
            assertThat(mark.offset()).isGreaterThan(face.offset());
            assertThat(Topics.header(mark, "ce_id")).isEqualTo(frame + "#mark");
            FrameMark read = Json.read(mark.value(), FrameMark.class);
            assertThat(read.faces()).isEqualTo(1);
            assertThat(read.omitted()).isZero();
        }
    }

    @Test
    void thePointersOfAnEventLeadToFrameChipAndEmbedding() throws Exception {
        RecordPointer frame = topics.publish(Topic.CAMERA_FRAMES, null, "yard", EILEENS_PHOTO, Map.of());

        IdentityEvent.Pointers pointers = Json.read(
                        onlyFace(Topic.IDENTITY_EVENTS, frame).value(), IdentityEvent.class)
                .pointers();
        assertThat(pointers.frame()).isEqualTo(frame);
        assertThat(pointers.chip()).isEqualTo(RecordPointer.to(onlyFace(Topic.DETECTED_FACES, frame)));
        ConsumerRecord<byte[], byte[]> embedding = onlyFace(Topic.FACE_EMBEDDINGS, frame);
        assertThat(pointers.embedding()).isEqualTo(RecordPointer.to(embedding));
        EmbeddedFace face = Json.read(embedding.value(), EmbeddedFace.class);
        assertThat(face.embedding()).hasSize(192);
        assertThat(face.chip()).isEqualTo(pointers.chip());
    }

    @Test
    void aFrameWithoutAFaceHasAMarkAllTheSame() throws Exception {
        byte[] empty = TestPictures.encode(
                TestPictures.halves(320, 240, java.awt.Color.GRAY, java.awt.Color.LIGHT_GRAY), "jpg");

        RecordPointer frame = topics.publish(Topic.CAMERA_FRAMES, null, "yard", empty, Map.of());

        FrameMark mark =
                Json.read(topics.awaitMark(Topic.IDENTITY_EVENTS, frame).value(), FrameMark.class);
        assertThat(mark.faces()).isZero();
        assertThat(topics.awaitFaces(Topic.IDENTITY_EVENTS, frame)).isEmpty();
    }

    @Test
    void everythingOnTheTopicsIsAsItsSchemaSays() throws Exception {
        enrol(GRACE, GRACES_PHOTO);
        enrol("Nobody", "no picture".getBytes(UTF_8));
        RecordPointer known = topics.publish(Topic.CAMERA_FRAMES, null, "lobby", GRACES_PHOTO, Map.of());
        RecordPointer unknown = topics.publish(Topic.CAMERA_FRAMES, null, "lobby", STRANGERS_PHOTO, Map.of());
        topics.awaitMark(Topic.IDENTITY_EVENTS, known);
        topics.awaitMark(Topic.IDENTITY_EVENTS, unknown);

        assertAsSchemas(Topic.DETECTED_FACES, "face.json", "io.facestream.detected-face.v1");
        assertAsSchemas(Topic.FACE_EMBEDDINGS, "face-embedding.json", "io.facestream.face-embedding.v1");
        assertAsSchemas(Topic.IDENTITY_EVENTS, "identity-event.json", "io.facestream.identity-event.v1");
        assertAsSchemas(Topic.ENROLMENTS, "enrolment.json", "io.facestream.enrolment.v1");
    }

    private void assertAsSchemas(Topic topic, String schema, String type) {
        List<ConsumerRecord<byte[], byte[]>> ours = topics.all(topic).stream()
                .filter(record -> !BadMessages.sentBy(record))
                .toList();
        assertThat(ours).hasSizeGreaterThanOrEqualTo(2).allSatisfy(record -> {
            boolean mark = Topics.isMark(record);
            assertThat(Schemas.violations(mark ? "frame-mark.json" : schema, Topics.json(record)))
                    .isEmpty();
            assertThat(Topics.header(record, "ce_type")).isEqualTo(mark ? FrameMark.TYPE : type);
            assertThat(Topics.header(record, "ce_specversion")).isEqualTo("1.0");
            assertThat(Topics.header(record, "ce_id")).isNotBlank();
            assertThat(Topics.header(record, "ce_source")).isNotBlank();
            assertThat(Topics.header(record, "content-type"))
                    .isEqualTo(topic == Topic.DETECTED_FACES && !mark ? "image/png" : "application/json");
        });
        assertThat(ours).anyMatch(record -> !Topics.isMark(record));
    }

    @Test
    void enrollingAPhotoAgainChangesNothing() throws Exception {
        EnrolmentAnswer.Accepted first = accepted(enrol(GRACE, GRACES_PHOTO));
        List<String> before = gallery();

        EnrolmentAnswer.Accepted second = accepted(enrol(GRACE, GRACES_PHOTO));

        assertThat(second.sampleId()).isEqualTo(first.sampleId());
        assertThat(gallery()).isEqualTo(before);
    }

    @Test
    void aPhotoIsNotEnrolledUnderASecondName() throws Exception {
        enrol(GRACE, GRACES_PHOTO);
        List<String> before = gallery();

        EnrolmentAnswer.Rejected answer = rejected(enrol("Somebody_Else", GRACES_PHOTO));
        assertThat(answer.reason()).isEqualTo(EnrolmentReason.ALREADY_ENROLLED_AS.code());
        assertThat(answer.message()).contains(GRACE);
        assertThat(gallery()).isEqualTo(before);
    }

    /** The photo is told by its face: as another file it is another photo. */
    @Test
    void aPhotoOfSomebodyWhoIsEnrolledUnderAnotherNameIsRejectedUnlessItsPublisherInsists() throws Exception {
        enrol(GRACE, GRACES_PHOTO);
        byte[] photo = TestPictures.encode(TestPictures.image(GRACES_PHOTO), "jpg");
        List<String> before = gallery();

        EnrolmentAnswer.Rejected answer = rejected(enrol("Her_Double", photo));
        assertThat(answer.reason()).isEqualTo(EnrolmentReason.LOOKS_LIKE_ANOTHER.code());
        assertThat(answer.message()).startsWith("looks like Grace_Hopper (0.");
        assertThat(answer.quality().norm()).isPositive();
        assertThat(gallery()).isEqualTo(before);
        try {
            EnrolmentAnswer.Accepted insisted = accepted(answer(topics.publish(
                    Topic.LABELLED_FACES, null, "Her_Double", photo, Map.of("facestream_accept", "alike"))));
            assertThat(insisted.notice()).startsWith("looks like Grace_Hopper (0.");
        } finally {
            AllRoles.execute(database, "delete from facestream.identity where name = 'Her_Double'");
        }
    }

    /** Equal templates hide other people in pgvector's HNSW index. */
    @Test
    void thePictureOfSomebodyElseInAnotherFileIsNotEnrolledWhateverItsPublisherInsistsOn() throws Exception {
        enrol(GRACE, GRACES_PHOTO);
        byte[] samePixels = TestPictures.encodeWithOpenCv(TestPictures.image(GRACES_PHOTO), ".png");
        List<String> before = gallery();

        EnrolmentAnswer.Rejected answer = rejected(answer(topics.publish(
                Topic.LABELLED_FACES, null, "Her_Double", samePixels, Map.of("facestream_accept", "alike"))));

        assertThat(answer.reason()).isEqualTo(EnrolmentReason.ALREADY_ENROLLED_AS.code());
        assertThat(answer.message()).isEqualTo("this picture is already enrolled, in another file, as Grace_Hopper");
        assertThat(gallery()).isEqualTo(before);
    }

    @Test
    void aPhotoOfSomebodyElseIsNotAddedToAPersonsOthersUnlessItsPublisherInsists() throws Exception {
        enrol(GRACE, GRACES_PHOTO);
        List<String> before = gallery();

        EnrolmentAnswer.Rejected answer = rejected(enrol(GRACE, STRANGERS_PHOTO));
        assertThat(answer.reason()).isEqualTo(EnrolmentReason.UNLIKE_OTHERS.code());
        assertThat(answer.message()).startsWith("unlike Grace_Hopper's other photos (distance 1.");
        assertThat(gallery()).isEqualTo(before);
    }

    @Test
    void aRejectedPhotoIsNotKeptAndMakesNoPerson() throws Exception {
        byte[] tiny = TestPictures.encode(TestPictures.scaled(TestPictures.image(STRANGERS_PHOTO), 0.16), "png");

        EnrolmentAnswer.Rejected answer = rejected(enrol("Too_Small", tiny));
        assertThat(answer.reason()).isEqualTo(EnrolmentReason.TOO_SMALL.code());
        assertThat(answer.quality().size()).isLessThan(40);
        assertThat(count("select count(*) from facestream.identity where name = 'Too_Small'"))
                .isZero();
    }

    /** As macOS writes it, with a no-break space, and by a reader who has lost the shift key. */
    @Test
    void aPersonHasOneNameHoweverItIsWrittenAndAReadersTwinIsTold() throws Exception {
        byte[] first = TestPictures.encodeWithOpenCv(TestPictures.image(STRANGERS_PHOTO), ".png");
        byte[] second = TestPictures.encodeWithOpenCv(TestPictures.image(STRANGERS_PHOTO), ".webp");
        byte[] third = TestPictures.encode(TestPictures.image(STRANGERS_PHOTO), "jpg");
        try {
            EnrolmentAnswer.Accepted decomposed = accepted(enrol("Zoe\u0301\u00a0 Mu\u0308ller", first));
            EnrolmentAnswer.Accepted composed = accepted(enrol("Zo\u00e9 M\u00fcller", second));
            EnrolmentAnswer.Accepted lower = accepted(answer(topics.publish(
                    Topic.LABELLED_FACES, null, "zo\u00e9 m\u00fcller", third, Map.of("facestream_accept", "alike"))));
            EnrolmentAnswer.Rejected invisible = rejected(enrol("Zo\u00e9 M\u00fcller\u200b", first));

            assertThat(decomposed.name()).isEqualTo("Zo\u00e9 M\u00fcller");
            assertThat(composed.identityId()).isEqualTo(decomposed.identityId());
            assertThat(composed.notice()).isNull();
            assertThat(lower.identityId()).isNotEqualTo(composed.identityId());
            assertThat(lower.notice()).contains("another person has nearly the same name: Zo\u00e9 M\u00fcller");
            assertThat(invisible.reason()).isEqualTo(EnrolmentReason.NO_NAME.code());
            assertThat(invisible.message()).startsWith("U+200B ZERO WIDTH SPACE at position 11");
        } finally {
            AllRoles.execute(database, "delete from facestream.identity where lower(name) like 'zo%'");
        }
    }

    @Test
    void aPhotoPublishedBeforeItsPersonWasErasedIsRejected() throws Exception {
        erase("Erased_Later", "now() + interval '1 hour'");

        EnrolmentAnswer.Rejected answer = rejected(enrol("Erased_Later", STRANGERS_PHOTO));
        assertThat(answer.reason()).isEqualTo(EnrolmentReason.ERASED.code());
        assertThat(count("select count(*) from facestream.identity where name = 'Erased_Later'"))
                .isZero();
    }

    @Test
    void aPhotoPublishedAfterItsPersonWasErasedIsWelcome() throws Exception {
        erase("John_Ousterhout", "now() - interval '1 hour'");

        EnrolmentAnswer answer = enrol("John_Ousterhout", TestPictures.sample("people/John_Ousterhout/tk.jpg"));

        assertThat(answer).isInstanceOf(EnrolmentAnswer.Accepted.class);
    }

    /** The commit, and not a statement, may be what a lost database refuses. */
    @Test
    void anEnrolmentWhoseCommitFailsIsTriedAgainUntilItSucceeds() throws Exception {
        AllRoles.execute(
                database,
                """
                create table facestream.test_outage (name text);
                create function facestream.test_refuse() returns trigger language plpgsql as $$
                begin
                    if exists (select from facestream.test_outage o where o.name = new.name) then
                        raise exception 'as if the database had gone';
                    end if;
                    return null;
                end $$;
                create constraint trigger test_refuse after insert on facestream.identity
                    deferrable initially deferred for each row execute function facestream.test_refuse();
                insert into facestream.test_outage values ('Patient_Person');
                """);
        try {
            byte[] photo = TestPictures.encode(TestPictures.image(EILEENS_PHOTO), "jpg");
            RecordPointer published = topics.publish(
                    Topic.LABELLED_FACES, null, "Patient_Person", photo, Map.of("facestream_accept", "alike"));
            await().during(Duration.ofSeconds(2)).until(() -> topics.all(Topic.ENROLMENTS).stream()
                    .noneMatch(answer -> published.toString().equals(Topics.header(answer, "ce_id"))));

            AllRoles.execute(database, "delete from facestream.test_outage");

            assertThat(answer(published)).isInstanceOf(EnrolmentAnswer.Accepted.class);
        } finally {
            AllRoles.execute(
                    database,
                    """
                    drop trigger test_refuse on facestream.identity;
                    drop function facestream.test_refuse;
                    drop table facestream.test_outage;
                    delete from facestream.identity where name = 'Patient_Person'
                    """);
        }
    }

    private static EnrolmentAnswer.Accepted accepted(EnrolmentAnswer answer) {
        assertThat(answer).isInstanceOf(EnrolmentAnswer.Accepted.class);
        return (EnrolmentAnswer.Accepted) answer;
    }

    private static EnrolmentAnswer.Rejected rejected(EnrolmentAnswer answer) {
        assertThat(answer).isInstanceOf(EnrolmentAnswer.Rejected.class);
        return (EnrolmentAnswer.Rejected) answer;
    }

    private EnrolmentAnswer enrol(String name, byte[] photo) throws Exception {
        return answer(topics.publish(Topic.LABELLED_FACES, null, name, photo, Map.of()));
    }

    private EnrolmentAnswer answer(RecordPointer photo) throws Exception {
        ConsumerRecord<byte[], byte[]> answer =
                topics.await(Topic.ENROLMENTS, record -> photo.toString().equals(Topics.header(record, "ce_id")));
        return Json.read(answer.value(), EnrolmentAnswer.class);
    }

    private ConsumerRecord<byte[], byte[]> onlyFace(Topic topic, RecordPointer frame) {
        List<ConsumerRecord<byte[], byte[]>> faces = topics.awaitFaces(topic, frame);
        assertThat(faces).hasSize(1);
        return faces.get(0);
    }

    private void erase(String name, String when) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "insert into facestream.erasure values (facestream.name_hmac('fence', ?), " + when
                                + ") on conflict do nothing")) {
            insert.setBytes(1, Sha256.of(name.getBytes(UTF_8)));
            insert.executeUpdate();
        }
    }

    /** Everything in the gallery, as text. */
    private List<String> gallery() throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String rowsOf : List.of(
                    "select t::text from facestream.identity t",
                    "select t::text from facestream.face_sample t",
                    "select t::text from facestream.face_embedding t",
                    "select t::text from facestream.template t",
                    "select last_value::text from facestream.gallery_revision")) {
                try (ResultSet found = statement.executeQuery(rowsOf + " order by 1")) {
                    while (found.next()) {
                        rows.add(found.getString(1));
                    }
                }
            }
        }
        return rows;
    }

    private long count(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
