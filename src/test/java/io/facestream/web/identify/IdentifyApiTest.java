package io.facestream.web.identify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.facestream.frames.TestPictures;
import io.facestream.web.WebApi;
import io.facestream.web.WebApi.Answer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code POST /api/v1/identify} of the running role web, with the rights of its own login. */
@QuarkusTest
@Tag("own-process")
@TestProfile(IdentifyApiTest.Hurried.class)
class IdentifyApiTest {
    private static final String IDENTIFY = "/api/v1/identify";
    private static final byte[] GRACE = TestPictures.sample("people/Grace_Hopper/us-navy.jpg");
    private static final byte[] EILEEN = TestPictures.sample("people/Eileen_Collins/nasa.jpg");

    private final WebApi api = new WebApi();
    private String key;

    /** With little patience for slow clients, and a short queue. */
    public static final class Hurried extends WebApi.Alone {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("facestream.web.upload-timeout", "PT8S", "facestream.web.waiting", "2");
        }
    }

    @BeforeEach
    void makeKey() throws Exception {
        api.execute("delete from facestream.identity");
        key = api.key("operator");
    }

    private Answer identify(byte[] picture) throws Exception {
        return api.post(IDENTIFY, key, "image/jpeg", picture);
    }

    @Test
    void anEnrolledPersonIsNamedInTheFieldsOfAnIdentityEvent() throws Exception {
        UUID grace = api.enrol("Grace_Hopper", GRACE);
        api.enrol("Eileen_Collins", EILEEN);

        Answer answer = identify(GRACE);

        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        assertThat(answer.json().at("/frameSize/width").asInt()).isEqualTo(512);
        assertThat(answer.json().path("modelVersion").asText()).isEqualTo("mobilefacenet-1");
        assertThat(answer.json().path("galleryRevision").asLong()).isPositive();
        assertThat(answer.json().path("faces")).hasSize(1);
        JsonNode face = answer.json().at("/faces/0");
        assertThat(face.path("decision").asText()).isEqualTo("KNOWN");
        assertThat(face.path("name").asText()).isEqualTo("Grace_Hopper");
        assertThat(face.path("identityId").asText()).isEqualTo(grace.toString());
        assertThat(face.path("distance").asDouble()).isLessThan(0.01);
        assertThat(face.path("threshold").asDouble()).isBetween(0.5, 2.0);
        assertThat(face.path("probability").asDouble()).isBetween(0.9, 1.0);
        assertThat(face.path("candidates")).hasSize(2);
        assertThat(face.at("/face/box/width").asDouble()).isPositive();
        assertThat(face.at("/face/landmarks").size()).isEqualTo(5);
        assertThat(face.at("/face/quality/norm").asDouble()).isPositive();
    }

    @Test
    void aStrangerIsUnknownAndNotNamed() throws Exception {
        api.enrol("Grace_Hopper", GRACE);

        JsonNode face = identify(EILEEN).json().at("/faces/0");

        assertThat(face.path("decision").asText()).isEqualTo("UNKNOWN");
        assertThat(face.has("name")).isFalse();
    }

    @Test
    void anEmptyGalleryKnowsNobody() throws Exception {
        JsonNode face = identify(GRACE).json().at("/faces/0");

        assertThat(face.path("decision").asText()).isEqualTo("UNKNOWN");
        assertThat(face.path("candidates")).isEmpty();
    }

    @Test
    void aPictureWithoutAFaceHasNoFaces() throws Exception {
        Answer answer =
                identify(TestPictures.encode(TestPictures.halves(320, 240, Color.GRAY, Color.DARK_GRAY), "png"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("faces").isArray()).isTrue();
        assertThat(answer.json().path("faces")).isEmpty();
    }

    @Test
    void aPictureMayComeAsAPartOfAForm() throws Exception {
        api.enrol("Grace_Hopper", GRACE);

        Answer answer = api.post(IDENTIFY, key, "multipart/form-data; boundary=xxx", form("file", GRACE));

        assertThat(answer.json().at("/faces/0/name").asText()).isEqualTo("Grace_Hopper");
    }

    @Test
    void eachSearchIsARowOfTheAuditTrailAndOneWithoutAFaceIsNone() throws Exception {
        identify(GRACE);
        identify(TestPictures.encode(TestPictures.halves(320, 240, Color.GRAY, Color.DARK_GRAY), "png"));

        assertThat(api.query(
                        "select who || ' ' || (detail ->> 'role') || ' ' || (detail ->> 'route') || ' '"
                                + " || (detail ->> 'faces') from facestream.audit"
                                + " where action = 'search' and detail ->> 'keyName' = ?",
                        key.substring(3, 20)))
                .containsExactly("test_facestream_web operator /api/v1/identify 1");
    }

    @ParameterizedTest
    @CsvSource({"not a picture,not-an-image", "'',empty"})
    void whatIsNoPictureIsAProblem(String body, String code) throws Exception {
        assertProblem(identify(body.getBytes(UTF_8)), 400, code);
    }

    @Test
    void aPictureThatBreaksOffIsAProblem() throws Exception {
        assertProblem(identify(Arrays.copyOf(GRACE, GRACE.length / 2)), 400, "truncated");
    }

    @Test
    void aFormWithoutAPictureIsAProblem() throws Exception {
        assertProblem(
                api.post(IDENTIFY, key, "multipart/form-data; boundary=xxx", form("photo", GRACE)), 400, "no-picture");
    }

    @Test
    void aFormThatIsNoneIsAProblem() throws Exception {
        assertProblem(api.post(IDENTIFY, key, "multipart/form-data", GRACE), 400, "bad-form");
    }

    @Test
    void aBodyOfAnotherTypeIsAProblem() throws Exception {
        assertProblem(api.post(IDENTIFY, key, "text/plain", GRACE), 415, "http");
    }

    @Test
    void moreBytesThanAPictureMayHaveAreAProblem() throws Exception {
        assertProblem(identify(Arrays.copyOf(GRACE, 9 << 20)), 413, "too-large");
    }

    @Test
    void morePixelsThanAPictureMayHaveAreAProblem() throws Exception {
        assertProblem(identify(TestPictures.pngThatAnnounces(30_000, 30_000)), 413, "too-many-pixels");
    }

    @Test
    void aHugeBodyIsRefusedBeforeItIsSent() throws Exception {
        String answer = raw("Content-Length: 10000000000\r\nContent-Type: image/jpeg\r\nx-api-key: " + key, "", 0);

        assertThat(answer).startsWith("HTTP/1.1 413").contains("urn:facestream:problem:too-large");
    }

    @Test
    void aHugeBodyOfUnknownLengthIsCutOff() throws Exception {
        String chunk = "100000\r\n" + "x".repeat(0x100000) + "\r\n";

        String answer = raw("Transfer-Encoding: chunked\r\nContent-Type: image/jpeg\r\nx-api-key: " + key, chunk, 40);

        assertThat(answer).matches("(?s)(HTTP/1.1 413.*)?");
    }

    @Test
    void aClientThatIsTooSlowIsTurnedAway() throws Exception {
        long started = System.nanoTime();

        String answer = raw("Content-Length: 1000\r\nContent-Type: image/jpeg\r\nx-api-key: " + key, "x", 1);

        assertThat(answer).startsWith("HTTP/1.1 408").contains("urn:facestream:problem:too-slow");
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void aRequestWithoutAValidKeyIsAProblem() throws Exception {
        for (String wrong : new String[] {null, "", "fs_short", "fs_" + "A".repeat(43)}) {
            Answer answer = api.post(IDENTIFY, wrong, "image/jpeg", GRACE);

            assertProblem(answer, 401, "no-key");
            assertThat(answer.header("www-authenticate")).isEqualTo("Bearer realm=\"facestream\"");
        }
    }

    @Test
    void aKeyMayComeAsABearerToken() throws Exception {
        Answer answer = api.send(api.to(IDENTIFY)
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "image/jpeg")
                .POST(BodyPublishers.ofByteArray(GRACE))
                .build());

        assertThat(answer.status()).isEqualTo(200);
    }

    @Test
    void aRevokedKeyIsRefusedAtOnce() throws Exception {
        assertThat(identify(GRACE).status()).isEqualTo(200);

        api.revoke(key);

        assertProblem(identify(GRACE), 401, "no-key");
    }

    @Test
    void aViewersKeyDoesNotAllowASearch() throws Exception {
        assertProblem(api.post(IDENTIFY, api.key("viewer"), "image/jpeg", GRACE), 403, "not-allowed");
    }

    @Test
    void whoeverComesWhenTooManyWaitIsToldToComeAgain() throws Exception {
        List<CompletableFuture<Answer>> all = IntStream.range(0, 40)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> quietly(GRACE)))
                .toList();
        List<Answer> answers = all.stream().map(CompletableFuture::join).toList();

        assertThat(answers).extracting(Answer::status).containsOnly(200, 503);
        answers.stream().filter(answer -> answer.status() == 503).forEach(busy -> {
            assertProblem(busy, 503, "busy");
            assertThat(busy.header("retry-after")).isEqualTo("1");
        });
    }

    @Test
    void theDocumentDescribesIt() throws Exception {
        Answer answer = api.send(
                HttpRequest.newBuilder(api.to("/q/openapi?format=json").build().uri())
                        .build());

        assertThat(answer.json().at("/paths/~1api~1v1~1identify/post/responses").has("413"))
                .isTrue();
    }

    private Answer quietly(byte[] picture) {
        try {
            return identify(picture);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertProblem(Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.header("content-type")).startsWith("application/problem+json");
        assertThat(answer.json().path("type").asText()).isEqualTo("urn:facestream:problem:" + code);
        assertThat(answer.json().path("title").asText()).isNotBlank();
        assertThat(answer.json().path("status").asInt()).isEqualTo(status);
    }

    private static byte[] form(String name, byte[] file) throws IOException {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        form.write(("--xxx\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"<b>.jpg\"\r\n"
                        + "Content-Type: image/jpeg\r\n\r\n")
                .getBytes(UTF_8));
        form.write(file);
        form.write("\r\n--xxx--\r\n".getBytes(UTF_8));
        return form.toByteArray();
    }

    /** What is answered to headers and a part of a body, sent so many times; empty if the connection is just closed. */
    private String raw(String headers, String part, int times) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", api.port())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(("POST " + IDENTIFY + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n\r\n").getBytes(UTF_8));
            try {
                for (int i = 0; i < times; i++) {
                    out.write(part.getBytes(UTF_8));
                }
                return new String(socket.getInputStream().readAllBytes(), UTF_8);
            } catch (IOException e) {
                return "";
            }
        }
    }
}
