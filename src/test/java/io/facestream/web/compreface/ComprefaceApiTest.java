package io.facestream.web.compreface;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.facestream.frames.TestPictures;
import io.facestream.web.WebApi;
import io.facestream.web.WebApi.Answer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** CompreFace's REST API of the running role web. */
@QuarkusTest
@Tag("own-process")
@TestProfile(WebApi.Alone.class)
class ComprefaceApiTest {
    private static final String RECOGNISE = "/api/v1/recognition/recognize";
    private static final String DETECT = "/api/v1/detection/detect";
    private static final String VERIFY = "/api/v1/verification/verify";
    private static final byte[] GRACE = TestPictures.sample("people/Grace_Hopper/us-navy.jpg");
    private static final byte[] EILEEN = TestPictures.sample("people/Eileen_Collins/nasa.jpg");
    private static final byte[] NOBODY =
            TestPictures.encode(TestPictures.halves(320, 240, Color.GRAY, Color.DARK_GRAY), "png");

    private final WebApi api = new WebApi();
    private String key;

    @BeforeEach
    void makeKey() throws Exception {
        api.execute("delete from facestream.identity");
        key = api.key("operator");
    }

    private Answer form(String path, Map<String, byte[]> parts) throws Exception {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        for (Map.Entry<String, byte[]> part : parts.entrySet()) {
            form.write(("--xxx\r\nContent-Disposition: form-data; name=\"" + part.getKey()
                            + "\"; filename=\"a.jpg\"\r\n" + "Content-Type: image/jpeg\r\n\r\n")
                    .getBytes(UTF_8));
            form.write(part.getValue());
            form.write("\r\n".getBytes(UTF_8));
        }
        form.write("--xxx--\r\n".getBytes(UTF_8));
        return api.post(path, key, "multipart/form-data; boundary=xxx", form.toByteArray());
    }

    private Answer json(String path, String json) throws IOException, InterruptedException {
        return api.post(path, key, "application/json", json.getBytes(UTF_8));
    }

    private static String base64(byte[] picture) {
        return Base64.getEncoder().encodeToString(picture);
    }

    @Test
    void recognitionNamesAnEnrolledPersonWithBoxAndSimilarity() throws Exception {
        api.enrol("Grace_Hopper", GRACE);

        Answer answer = form(RECOGNISE, Map.of("file", GRACE));

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        JsonNode face = answer.json().at("/result/0");
        assertThat(face.at("/subjects/0/subject").asText()).isEqualTo("Grace_Hopper");
        assertThat(face.at("/subjects/0/similarity").asDouble()).isBetween(0.98, 1.0);
        assertThat(face.at("/subjects/0/threshold").asDouble()).isPositive();
        assertThat(face.at("/box/x_max").asInt())
                .isGreaterThan(face.at("/box/x_min").asInt());
        assertThat(face.at("/box/y_max").isInt()).isTrue();
        assertThat(face.at("/box/probability").asDouble()).isBetween(0.5, 1.0);
        assertThat(face.has("landmarks")).isFalse();
    }

    @Test
    void somebodyUnknownHasNoSubjects() throws Exception {
        api.enrol("Grace_Hopper", GRACE);

        Answer answer = form(RECOGNISE + "?prediction_count=5", Map.of("file", EILEEN));

        assertThat(answer.json().at("/result/0/subjects").isArray()).isTrue();
        assertThat(answer.json().at("/result/0/subjects")).isEmpty();
    }

    @Test
    void aPictureInBase64IsTaken() throws Exception {
        api.enrol("Grace_Hopper", GRACE);

        Answer answer = json(RECOGNISE, "{\"file\":\"" + base64(GRACE) + "\"}");

        assertThat(answer.json().at("/result/0/subjects/0/subject").asText()).isEqualTo("Grace_Hopper");
    }

    @ParameterizedTest
    @ValueSource(strings = {RECOGNISE, DETECT})
    void aPictureWithoutAFaceIsCode28(String path) throws Exception {
        assertError(form(path, Map.of("file", NOBODY)), 400, 28);
    }

    @Test
    void aFaceBelowTheThresholdOfDetectionIsNone() throws Exception {
        assertError(form(DETECT + "?det_prob_threshold=1", Map.of("file", EILEEN)), 400, 28);
    }

    @Test
    void detectionFindsAFaceWithLandmarksIfAsked() throws Exception {
        Answer answer = form(DETECT + "?face_plugins=landmarks,age", Map.of("file", GRACE));

        assertThat(answer.json().at("/result")).hasSize(1);
        assertThat(answer.json().at("/result/0/landmarks")).hasSize(5);
        assertThat(answer.json().at("/result/0/landmarks/0/0").asInt())
                .isLessThan(answer.json().at("/result/0/landmarks/1/0").asInt());
        assertThat(answer.json().at("/result/0").has("subjects")).isFalse();
    }

    @Test
    void verificationComparesTwoPictures() throws Exception {
        Answer same = form(VERIFY, new TreeMap<>(Map.of("source_image", GRACE, "target_image", GRACE)));
        Answer other = json(
                VERIFY, "{\"source_image\":\"" + base64(GRACE) + "\",\"target_image\":\"" + base64(EILEEN) + "\"}");

        assertThat(same.json().at("/result/0/face_matches/0/similarity").asDouble())
                .isCloseTo(1, within(0.001));
        assertThat(same.json().at("/result/0/source_image_face/box/x_max").asInt())
                .isPositive();
        assertThat(other.json().at("/result/0/face_matches/0/similarity").asDouble())
                .isLessThan(0.5);
    }

    @Test
    void subjectsAndTheirPhotosAreListed() throws Exception {
        UUID grace = api.enrol("Grace_Hopper", GRACE);
        api.enrol("Eileen_Collins", EILEEN);
        api.execute(
                "insert into facestream.face_sample (id, identity_id, sha256, chip, enrolled, quality, source_topic,"
                        + " source_partition, source_offset)"
                        + " values (?, ?, sha256('1'), '\\x00', true, '{}', 'labelled-faces', 0, 1)",
                UUID.randomUUID(),
                grace);
        key = api.key("viewer");

        Answer subjects = get("/api/v1/recognition/subjects/");
        Answer faces = get("/api/v1/recognition/faces?page=0&size=10");

        assertThat(subjects.json().toString()).isEqualTo("{\"subjects\":[\"Eileen_Collins\",\"Grace_Hopper\"]}");
        assertThat(faces.json().at("/faces/0/subject").asText()).isEqualTo("Grace_Hopper");
        assertThat(faces.json().path("total_elements").asInt()).isEqualTo(1);
        assertThat(faces.json().path("total_pages").asInt()).isEqualTo(1);
        assertThat(faces.json().path("page_size").asInt()).isEqualTo(10);
    }

    @Test
    void aPageThatThereCannotBeIsAnError() throws Exception {
        assertError(get("/api/v1/recognition/faces?size=0"), 400, 26);
    }

    @Test
    void withoutABrokerNothingIsChangedAndTheCallerComesAgain() throws Exception {
        Answer answer = json("/api/v1/recognition/subjects", "{\"subject\":\"Ada\"}");

        assertError(answer, 503, 41);
        assertThat(answer.header("retry-after")).isEqualTo("1");
    }

    @Test
    void errorsHaveTheShapeOfCompreFace() throws Exception {
        assertError(form(RECOGNISE, Map.of("picture", GRACE)), 400, 33);
        assertError(form(RECOGNISE, Map.of("file", "no picture".getBytes(UTF_8))), 400, 21);
        assertError(json(RECOGNISE, "{\"file\":\"?\"}"), 400, 26);
        assertError(json(RECOGNISE, "[["), 400, 26);
        assertError(form(RECOGNISE + "?limit=-1", Map.of("file", GRACE)), 400, 26);
        key = "fs_" + "A".repeat(43);
        assertError(form(RECOGNISE, Map.of("file", GRACE)), 401, 10);
        key = api.key("viewer");
        assertError(form(RECOGNISE, Map.of("file", GRACE)), 403, 32);
    }

    private Answer get(String path) throws Exception {
        return api.send(api.to(path).header("x-api-key", key).build());
    }

    private static void assertError(Answer answer, int status, int code) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.json().path("code").asInt()).as(answer.toString()).isEqualTo(code);
        assertThat(answer.json().path("message").asText()).isNotBlank();
    }
}
