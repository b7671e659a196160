package io.facestream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.facestream.enrolment.EnrolmentAnswer;
import io.facestream.faces.Box;
import io.facestream.faces.Face;
import io.facestream.faces.FrameMark;
import io.facestream.frames.TestPictures;
import io.facestream.messaging.Json;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.RejectedRecords;
import io.facestream.messaging.Topic;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever arrives is processed or reported with its reason, and what comes after it goes through. */
@QuarkusTest
@Tag("application")
@TestProfile(AllRoles.class)
class BadInputTest {
    private static final int PARTITION = 2;
    private static final String CAMERA = "front door";
    private static final byte[] PORTRAIT = TestPictures.sample("people/John_Ousterhout/tk.jpg");
    private static final Map<String, String> PLAIN = Map.of();
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** One for all tests: each topic is read once. */
    private static Topics topics;

    @BeforeAll
    static void connect() {
        topics = new Topics();
    }

    @AfterAll
    static void disconnect() {
        topics.close();
    }

    private static Map<String, String> cloudEvent(String... changes) {
        Map<String, String> headers = new HashMap<>(Map.of(
                "ce_specversion", "1.0",
                "ce_id", "1",
                "ce_source", "/cameras/of/a/test",
                "ce_type", "io.facestream.camera-frame.v1"));
        for (int i = 0; i < changes.length; i += 2) {
            if (changes[i + 1] == null) {
                headers.remove(changes[i]);
            } else {
                headers.put(changes[i], changes[i + 1]);
            }
        }
        return headers;
    }

    static Stream<Arguments> badFrames() {
        BufferedImage image = TestPictures.image(PORTRAIT);
        byte[] camera = CAMERA.getBytes(UTF_8);
        return Stream.of(
                Arguments.of("not an image", camera, "<html>".getBytes(UTF_8), PLAIN, "not-an-image"),
                Arguments.of("a truncated JPEG", camera, TestPictures.half(PORTRAIT), PLAIN, "truncated"),
                Arguments.of("0 bytes", camera, new byte[0], PLAIN, "empty"),
                Arguments.of("a null value", camera, null, PLAIN, "empty"),
                Arguments.of("no key", null, PORTRAIT, PLAIN, "no-camera"),
                Arguments.of("no key, no subject", null, PORTRAIT, cloudEvent(), "no-camera"),
                Arguments.of("an empty key", new byte[0], PORTRAIT, PLAIN, "no-camera"),
                Arguments.of("a key that is not UTF-8", new byte[] {(byte) 0xc3, 0x28}, PORTRAIT, PLAIN, "no-camera"),
                Arguments.of("a key that is too long", "x".repeat(257).getBytes(UTF_8), PORTRAIT, PLAIN, "no-camera"),
                Arguments.of(
                        "a PNG header of 50,000x50,000",
                        camera,
                        TestPictures.pngThatAnnounces(50_000, 50_000),
                        PLAIN,
                        "too-many-pixels"),
                Arguments.of(
                        "a JPEG header of 50,000x50,000",
                        camera,
                        TestPictures.jpegThatAnnounces(50_000, 50_000),
                        PLAIN,
                        "too-many-pixels"),
                Arguments.of("a GIF", camera, TestPictures.animatedGif(image, image), PLAIN, "not-an-image"),
                Arguments.of("a time that is none", camera, PORTRAIT, cloudEvent("ce_time", "yesterday"), "bad-header"),
                Arguments.of("an event without id", camera, PORTRAIT, cloudEvent("ce_id", null), "bad-header"),
                Arguments.of("an empty id", camera, PORTRAIT, cloudEvent("ce_id", ""), "bad-header"),
                Arguments.of(
                        "an id that is too long",
                        camera,
                        PORTRAIT,
                        cloudEvent("ce_id", "x".repeat(1_025)),
                        "bad-header"),
                Arguments.of(
                        "a source that is no URI", camera, PORTRAIT, cloudEvent("ce_source", "a b:\\"), "bad-header"),
                Arguments.of(
                        "an unknown version of CloudEvents",
                        camera,
                        PORTRAIT,
                        cloudEvent("ce_specversion", "7"),
                        "bad-header"));
    }

    @ParameterizedTest(name = "{0}: {4}")
    @MethodSource("badFrames")
    void aBadFrameIsRejectedWithTheReasonAndTheNextOneGoesThrough(
            String what, byte[] key, byte[] value, Map<String, String> headers, String reason) {
        RecordPointer bad = topics.publish(Topic.CAMERA_FRAMES, PARTITION, key, value, headers);
        RecordPointer good = topics.publish(Topic.CAMERA_FRAMES, PARTITION, CAMERA, PORTRAIT, PLAIN);

        assertRejected(bad, "detection", reason, key, value, headers);
        assertThat(topics.awaitFaces(Topic.DETECTED_FACES, good)).hasSize(1);
    }

    private void assertRejected(
            RecordPointer bad,
            String stage,
            String reason,
            byte[] key,
            byte[] value,
            Map<String, String> originalHeaders) {
        // Of what is on face-embeddings, sightings rejects its own share.
        ConsumerRecord<byte[], byte[]> rejection = topics.await(
                Topic.REJECTED_RECORDS,
                record -> Topics.rejected(record).equals(bad)
                        && stage.equals(Topics.header(record, RejectedRecords.STAGE)));
        assertThat(Topics.header(rejection, RejectedRecords.REASON)).isEqualTo(reason);
        assertThat(Topics.header(rejection, RejectedRecords.MESSAGE)).isNotBlank();
        assertThat(Topics.header(rejection, RejectedRecords.SIZE)).isNull();
        assertThat(rejection.key()).isEqualTo(key);
        assertThat(rejection.value()).isEqualTo(value);
        originalHeaders.forEach((name, text) ->
                assertThat(Topics.header(rejection, name)).as(name).isEqualTo(text));
    }

    static Stream<Arguments> oddFrames() {
        BufferedImage image = TestPictures.image(PORTRAIT);
        byte[] camera = CAMERA.getBytes(UTF_8);
        return Stream.of(
                Arguments.of("CMYK JPEG", camera, TestPictures.cmykJpeg(image), PLAIN),
                Arguments.of("16-bit PNG", camera, TestPictures.png16(image), PLAIN),
                Arguments.of("PNG with transparency", camera, TestPictures.pngWithTransparency(image), PLAIN),
                Arguments.of("WebP", camera, TestPictures.encodeWithOpenCv(image, ".webp"), PLAIN),
                Arguments.of(
                        "animated WebP",
                        camera,
                        TestPictures.animatedWebp(
                                image, TestPictures.halves(image.getWidth(), image.getHeight(), Color.RED, Color.BLUE)),
                        PLAIN),
                Arguments.of("EXIF orientation 6", camera, TestPictures.jpegOfOrientation6(image), PLAIN),
                Arguments.of("no key, but a subject", null, PORTRAIT, cloudEvent("ce_subject", CAMERA)),
                Arguments.of(
                        "a subject beside a key", camera, PORTRAIT, cloudEvent("ce_id", "2", "ce_subject", "another")),
                Arguments.of("an unknown extension", camera, PORTRAIT, cloudEvent("ce_id", "3", "ce_site", "north")));
    }

    /** The box says that the picture was seen upright, and in its colours. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("oddFrames")
    void anOddFrameYieldsTheSameFaceAsAPlainOne(String what, byte[] key, byte[] value, Map<String, String> headers)
            throws Exception {
        RecordPointer plain = topics.publish(Topic.CAMERA_FRAMES, PARTITION, CAMERA, PORTRAIT, PLAIN);
        RecordPointer odd = topics.publish(Topic.CAMERA_FRAMES, PARTITION, key, value, headers);

        Face expected = onlyFace(plain);
        Face found = onlyFace(odd);
        assertThat(found.frame().camera()).isEqualTo(CAMERA);
        assertThat(found.frame().width()).isEqualTo(138);
        assertThat(found.frame().height()).isEqualTo(177);
        assertThat(overlap(found.box(), expected.box())).isGreaterThan(0.9f);
        assertThat(found.landmarks().leftEye().x())
                .isGreaterThan(found.landmarks().rightEye().x());
        assertThat(found.quality().brightness())
                .isCloseTo(expected.quality().brightness(), org.assertj.core.api.Assertions.within(5f));
        FrameMark mark = Json.read(topics.awaitMark(Topic.IDENTITY_EVENTS, odd).value(), FrameMark.class);
        assertThat(mark.faces()).isEqualTo(1);
    }

    private Face onlyFace(RecordPointer frame) throws Exception {
        var faces = topics.awaitFaces(Topic.DETECTED_FACES, frame);
        assertThat(faces).hasSize(1);
        return Json.read(Topics.json(faces.get(0)), Face.class);
    }

    private static float overlap(Box one, Box other) {
        return one.intersectionOverUnion(other);
    }

    static Stream<Arguments> badPhotos() {
        byte[] name = "Somebody".getBytes(UTF_8);
        byte[] empty = TestPictures.encode(TestPictures.halves(320, 240, Color.GRAY, Color.LIGHT_GRAY), "jpg");
        return Stream.of(
                Arguments.of("no name", null, PORTRAIT, PLAIN, "no-name"),
                Arguments.of("a blank name", " ".getBytes(UTF_8), PORTRAIT, PLAIN, "no-name"),
                Arguments.of("a name of a megabyte", "x".repeat(1 << 20).getBytes(UTF_8), PORTRAIT, PLAIN, "no-name"),
                Arguments.of("a time that is none", name, PORTRAIT, cloudEvent("ce_time", "yesterday"), "bad-header"),
                Arguments.of(
                        "an id of a megabyte", name, PORTRAIT, cloudEvent("ce_id", "x".repeat(1 << 20)), "bad-header"),
                Arguments.of("a blank id", name, PORTRAIT, cloudEvent("ce_id", " "), "bad-header"),
                Arguments.of(
                        "a time of a megabyte and more",
                        name,
                        PORTRAIT,
                        cloudEvent("ce_time", "x".repeat(5 << 18)),
                        "bad-header"),
                Arguments.of("a null value", name, null, PLAIN, "undecodable"),
                Arguments.of("not an image", name, "<html>".getBytes(UTF_8), PLAIN, "undecodable"),
                Arguments.of("a picture without a face", name, empty, PLAIN, "no-face"));
    }

    @ParameterizedTest(name = "{0}: {4}")
    @MethodSource("badPhotos")
    void aBadPhotoIsAnsweredWithTheReasonAndTheNextOneGoesThrough(
            String what, byte[] key, byte[] value, Map<String, String> headers, String reason) throws Exception {
        RecordPointer bad = topics.publish(Topic.LABELLED_FACES, PARTITION, key, value, headers);
        RecordPointer next = topics.publish(Topic.LABELLED_FACES, PARTITION, "Next", "<html>".getBytes(UTF_8), PLAIN);

        ConsumerRecord<byte[], byte[]> record = awaitAnswer(bad);
        assertThat(Json.read(record.value(), EnrolmentAnswer.class))
                .isInstanceOfSatisfying(EnrolmentAnswer.Rejected.class, answer -> assertThat(answer.reason())
                        .isEqualTo(reason));
        assertThat(Schemas.violations("enrolment.json", record.value())).isEmpty();
        assertThat(awaitAnswer(next).key()).isEqualTo("Next".getBytes(UTF_8));
    }

    static Stream<Arguments> badCommands() {
        String id = "0c6ff5a5-7a5c-4a34-8a7e-7c1e0f6a9f11";
        String promote = "{\"command\":\"promote\",\"commandId\":\"" + id + "\",\"version\":\"x-1\"}";
        return Stream.of(
                Arguments.of("no JSON", id, "<html>", id),
                Arguments.of("another command's key", "other", promote.replace("promote", "demote"), "other"),
                Arguments.of("no key", null, "null", null),
                Arguments.of("a key of 400 kB", "x".repeat(400_000), "{}", null),
                Arguments.of("a command of 900 kB", id, promote.replace("promote", "y".repeat(900_000)), id));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badCommands")
    void aBadCommandIsAnsweredAndTheNextOneToo(String what, String key, String command, String answered)
            throws Exception {
        int before = topics.all(Topic.TRAINING_PROGRESS).size();
        topics.publish(Topic.TRAINING_COMMANDS, null, key, command.getBytes(UTF_8), PLAIN);
        String next = "after " + what;
        topics.publish(Topic.TRAINING_COMMANDS, null, next, "[]".getBytes(UTF_8), PLAIN);

        topics.await(Topic.TRAINING_PROGRESS, record -> next.equals(Topics.header(record, "ce_subject")));
        List<ConsumerRecord<byte[], byte[]>> answers = topics.all(Topic.TRAINING_PROGRESS);
        JsonNode answer = new ObjectMapper().readTree(answers.get(before).value());
        assertThat(answer.path("state").asText()).isEqualTo("rejected");
        assertThat(answer.path("commandId").asText(null)).isEqualTo(answered);
        assertThat(answer.path("message").asText()).isNotBlank().hasSizeLessThanOrEqualTo(1_000);
        assertThat(Schemas.violations(
                        "training-progress.json", answers.get(before).value()))
                .isEmpty();
        assertThat(answers).hasSize(before + 2);
    }

    private ConsumerRecord<byte[], byte[]> awaitAnswer(RecordPointer photo) {
        return topics.await(Topic.ENROLMENTS, record -> photo.toString().equals(Topics.header(record, "ce_id")));
    }

    static Stream<Arguments> badDetectedFaces() {
        String face = example("face.json").toString();
        byte[] chip = chip(160);
        String type = "io.facestream.detected-face.v1";
        return Stream.of(
                Arguments.of("no headers", chip, PLAIN, "bad-header"),
                Arguments.of("no ce_face", chip, cloudEvent("ce_type", type), "bad-header"),
                Arguments.of("an unknown type", chip, cloudEvent("ce_face", face, "ce_type", "x"), "bad-header"),
                Arguments.of(
                        "facts that are no JSON", chip, cloudEvent("ce_type", type, "ce_face", "{"), "bad-message"),
                Arguments.of("JSON null", chip, cloudEvent("ce_type", type, "ce_face", "null"), "bad-message"),
                Arguments.of("facts without a box", chip, cloudEvent("ce_type", type, "ce_face", "{}"), "bad-message"),
                Arguments.of(
                        "a box without width",
                        chip,
                        cloudEvent("ce_type", type, "ce_face", face.replaceFirst("\"width\":96.2", "\"width\":0")),
                        "bad-message"),
                Arguments.of(
                        "no picture",
                        "<html>".getBytes(UTF_8),
                        cloudEvent("ce_type", type, "ce_face", face),
                        "bad-message"),
                Arguments.of("0 bytes", new byte[0], cloudEvent("ce_type", type, "ce_face", face), "bad-message"),
                Arguments.of("a null value", null, cloudEvent("ce_type", type, "ce_face", face), "bad-message"),
                Arguments.of("a small chip", chip(112), cloudEvent("ce_type", type, "ce_face", face), "bad-message"),
                Arguments.of(
                        "a mark that is no JSON",
                        "<html>".getBytes(UTF_8),
                        cloudEvent("ce_type", FrameMark.TYPE),
                        "bad-message"),
                Arguments.of(
                        "a mark without a frame",
                        "{\"faces\":1,\"omitted\":0}".getBytes(UTF_8),
                        cloudEvent("ce_type", FrameMark.TYPE),
                        "bad-message"));
    }

    @ParameterizedTest(name = "{0}: {3}")
    @MethodSource("badDetectedFaces")
    void aBadMessageOnDetectedFacesIsRejectedAndTheNextFrameGoesThrough(
            String what, byte[] value, Map<String, String> headers, String reason) {
        assertRejectedBetweenStages(Topic.DETECTED_FACES, "embedding", value, headers, reason);
    }

    static Stream<Arguments> badEmbeddings() {
        Map<String, String> headers = cloudEvent("ce_type", "io.facestream.face-embedding.v1");
        return Stream.of(
                Arguments.of("no headers", json(message -> {}), PLAIN, "bad-header"),
                Arguments.of("an unknown type", json(message -> {}), cloudEvent("ce_type", "x"), "bad-header"),
                Arguments.of("no JSON", "{".getBytes(UTF_8), headers, "bad-message"),
                Arguments.of("a null value", null, headers, "bad-message"),
                Arguments.of("an array", "[]".getBytes(UTF_8), headers, "bad-message"),
                Arguments.of("no face", json(message -> message.remove("face")), headers, "bad-message"),
                Arguments.of("no embedding", json(message -> message.remove("embedding")), headers, "bad-message"),
                Arguments.of(
                        "a frame without a size",
                        json(message -> ((ObjectNode) message.at("/face/frame")).remove("width")),
                        headers,
                        "bad-message"),
                Arguments.of(
                        "a frame of 0 pixels",
                        json(message -> ((ObjectNode) message.at("/face/frame")).put("width", 0)),
                        headers,
                        "bad-message"),
                Arguments.of(
                        "a frame without a camera",
                        json(message -> ((ObjectNode) message.at("/face/frame")).remove("camera")),
                        headers,
                        "bad-message"),
                Arguments.of(
                        "landmarks without a nose",
                        json(message -> ((ObjectNode) message.at("/face/landmarks")).remove("nose")),
                        headers,
                        "bad-message"),
                Arguments.of(
                        "a landmark that is nowhere",
                        json(message -> ((ObjectNode) message.at("/face/landmarks/nose")).put("x", "NaN")),
                        headers,
                        "bad-message"),
                Arguments.of(
                        "a confidence of 2",
                        json(message -> ((ObjectNode) message.get("face")).put("confidence", 2)),
                        headers,
                        "bad-message"),
                Arguments.of(
                        "no norm",
                        json(message -> ((ObjectNode) message.at("/face/quality")).remove("norm")),
                        headers,
                        "bad-message"),
                Arguments.of(
                        "a norm that is NaN or infinite",
                        json(message -> ((ObjectNode) message.at("/face/quality")).put("norm", "NaN")),
                        headers,
                        "bad-message"),
                Arguments.of("an embedding of NaN", embedding(192, "\"NaN\""), headers, "bad-message"),
                Arguments.of("an embedding of nulls", embedding(192, "null"), headers, "bad-message"),
                Arguments.of("an embedding beyond floats", embedding(192, "1e39"), headers, "bad-message"),
                Arguments.of("an embedding that is too long", embedding(192, "1"), headers, "bad-message"),
                Arguments.of("an embedding of 191 dimensions", embedding(191, "0"), headers, "bad-message"),
                Arguments.of("an embedding of no dimensions", embedding(0, "0"), headers, "bad-message"),
                Arguments.of(
                        "an unknown model version",
                        json(message -> message.put("modelVersion", "mobilefacenet-0")),
                        headers,
                        "unknown-model-version"),
                Arguments.of(
                        "a model version that PostgreSQL cannot hold",
                        json(message -> message.put("modelVersion", "\0")),
                        headers,
                        "unknown-model-version"),
                Arguments.of(
                        "a mark that is no JSON",
                        "<html>".getBytes(UTF_8),
                        cloudEvent("ce_type", FrameMark.TYPE),
                        "bad-message"));
    }

    @ParameterizedTest(name = "{0}: {3}")
    @MethodSource("badEmbeddings")
    void aBadMessageOnFaceEmbeddingsIsRejectedAndTheNextFrameGoesThrough(
            String what, byte[] value, Map<String, String> headers, String reason) {
        assertRejectedBetweenStages(Topic.FACE_EMBEDDINGS, "matching", value, headers, reason);
    }

    private void assertRejectedBetweenStages(
            Topic topic, String stage, byte[] value, Map<String, String> headers, String reason) {
        Map<String, String> marked = BadMessages.marked(headers);
        RecordPointer bad = topics.publish(topic, PARTITION, CAMERA, value, marked);
        assertRejected(bad, stage, reason, CAMERA.getBytes(UTF_8), value, marked);

        RecordPointer good = topics.publish(Topic.CAMERA_FRAMES, PARTITION, CAMERA, PORTRAIT, PLAIN);
        assertThat(topics.awaitFaces(Topic.IDENTITY_EVENTS, good)).hasSize(1);
    }

    /** A number so small that floats hold it only without its full precision is a number all the same. */
    @Test
    void anEmbeddingWithASubnormalCoordinateIsMatched() {
        byte[] value = json(message -> {
            ObjectNode frame = (ObjectNode) message.at("/face/frame");
            frame.put("id", "subnormal");
            message.withArray("embedding").removeAll();
            message.withArray("embedding").add(1);
            message.withArray("embedding").add(1e-45);
            for (int i = 2; i < 192; i++) {
                message.withArray("embedding").add(0);
            }
        });

        topics.publish(
                Topic.FACE_EMBEDDINGS,
                PARTITION,
                CAMERA,
                value,
                BadMessages.marked(cloudEvent("ce_type", "io.facestream.face-embedding.v1", "ce_id", "subnormal#0")));

        ConsumerRecord<byte[], byte[]> event =
                topics.await(Topic.IDENTITY_EVENTS, record -> "subnormal#0".equals(Topics.header(record, "ce_id")));
        assertThat(Schemas.violations("identity-event.json", event.value())).isEmpty();
    }

    private static byte[] chip(int side) {
        return TestPictures.encode(TestPictures.halves(side, side, Color.PINK, Color.GRAY), "png");
    }

    private static ObjectNode example(String schema) {
        return Schemas.of(schema).getSchemaNode().get("examples").get(0).deepCopy();
    }

    /** A good message on face-embeddings, but for the change. */
    private static byte[] json(Consumer<ObjectNode> change) {
        ObjectNode message = example("face-embedding.json");
        message.put("modelVersion", "mobilefacenet-1");
        var embedding = message.putArray("embedding");
        embedding.add(1);
        for (int i = 1; i < 192; i++) {
            embedding.add(0);
        }
        change.accept(message);
        return message.toString().getBytes(UTF_8);
    }

    private static byte[] embedding(int dimensions, String coordinate) {
        return json(message -> {
            try {
                JsonNode array = MAPPER.readTree(
                        "[" + String.join(",", java.util.Collections.nCopies(dimensions, coordinate)) + "]");
                message.set("embedding", array);
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }
}
