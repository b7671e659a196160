package io.facestream.web.compreface;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.facestream.AllRoles;
import io.facestream.frames.TestPictures;
import io.facestream.web.WebApi;
import io.facestream.web.WebApi.Answer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.ByteArrayInputStream;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What programs for CompreFace change, through the roles that do it. */
@QuarkusTest
@Tag("application")
@TestProfile(AllRoles.class)
class CollectionApiTest {
    private static final String SUBJECTS = "/api/v1/recognition/subjects";
    private static final String FACES = "/api/v1/recognition/faces";
    private static final byte[] GRACE = TestPictures.sample("people/Grace_Hopper/us-navy.jpg");

    private static final byte[] EILEEN = TestPictures.sample("people/Eileen_Collins/nasa.jpg");

    private final WebApi api = new WebApi();
    private String key;

    @BeforeEach
    void makeKey() throws Exception {
        api.execute("delete from facestream.identity");
        key = api.key("operator");
        // The first command waits until answers are followed.
        await().atMost(Duration.ofSeconds(60))
                .until(() -> send("POST", SUBJECTS, subject("First")).status() != 503);
    }

    @AfterEach
    void empty() throws Exception {
        api.execute("delete from facestream.identity");
    }

    private Answer send(String method, String path, String json) throws Exception {
        return api.send(api.to(path)
                .header("x-api-key", key)
                .header("Content-Type", "application/json")
                .method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json))
                .build());
    }

    private static String subject(String name) {
        return "{\"subject\":\"" + name + "\"}";
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, UTF_8).replace("+", "%20");
    }

    private Answer enrol(String name, byte[] photo) throws Exception {
        return send(
                "POST",
                FACES + "?subject=" + encoded(name),
                "{\"file\":\"" + Base64.getEncoder().encodeToString(photo) + "\"}");
    }

    private void assertSubjects(String... names) throws Exception {
        assertThat(send("GET", SUBJECTS, null).json().at("/subjects"))
                .extracting(name -> name.asText())
                .contains(names);
    }

    @Test
    void aPersonIsAddedRenamedAndErasedByAnyName() throws Exception {
        String name = "עדה <b>O'Hara</b>; drop table x " + UUID.randomUUID();
        assertThat(send("POST", SUBJECTS, subject(name)).status()).isEqualTo(201);
        assertSubjects(name);

        String later = "Ada " + UUID.randomUUID();
        Answer renamed = send("PUT", SUBJECTS + "/" + encoded(name), subject(later));
        assertThat(renamed.json().path("updated").asBoolean()).as("%s", renamed).isTrue();
        assertSubjects(later);

        Answer erased = send("DELETE", SUBJECTS + "/" + encoded(later), null);
        assertThat(erased.json().path("subject").asText()).isEqualTo(later);
        assertThat(send("GET", SUBJECTS, null).json().toString()).doesNotContain(later);
        assertThat(api.query(
                        "select requested_by from facestream.gallery_command where requested_by = ?",
                        key.substring(3, 20)))
                .isNotEmpty();
    }

    @Test
    void whoIsRenamedAsSomebodyElseBecomesOneWithThem() throws Exception {
        send("POST", SUBJECTS, subject("Grace Murray"));
        send("POST", SUBJECTS, subject("Grace Hopper"));

        Answer renamed = send("PUT", SUBJECTS + "/Grace%20Murray", subject("Grace Hopper"));

        assertThat(renamed.status()).as("%s", renamed).isEqualTo(200);
        assertThat(send("GET", SUBJECTS, null).json().toString())
                .contains("Grace Hopper")
                .doesNotContain("Grace Murray");
    }

    @Test
    void aPhotoIsEnrolledRecognisedAndDeletedInEachWay() throws Exception {
        Answer enrolled = enrol("Grace", GRACE);
        assertThat(enrolled.status()).as("%s", enrolled).isEqualTo(201);
        assertThat(enrolled.json().path("subject").asText()).isEqualTo("Grace");
        Answer found = api.send(api.to("/api/v1/recognition/recognize")
                .header("x-api-key", key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(
                        "{\"file\":\"" + Base64.getEncoder().encodeToString(GRACE) + "\"}"))
                .build());
        assertThat(found.json().at("/result/0/subjects/0/subject").asText()).isEqualTo("Grace");

        String image = enrolled.json().path("image_id").asText();
        assertThat(send("DELETE", FACES + "/" + image, null).json()).isEqualTo(enrolled.json());
        assertThat(send("DELETE", FACES + "/" + image, null).status()).isEqualTo(404);

        String again = enrol("Grace", GRACE).json().path("image_id").asText();
        Answer list = send("POST", FACES + "/delete", "[\"" + again + "\",\"" + UUID.randomUUID() + "\"]");
        assertThat(list.json()).hasSize(1);

        enrol("Grace", GRACE);
        Answer bySubject = send("DELETE", FACES + "?subject=Grace", null);
        assertThat(bySubject.json().path("deleted").asInt()).isEqualTo(1);
        assertThat(send("DELETE", FACES + "?subject=Grace", null)
                        .json()
                        .path("deleted")
                        .asInt())
                .isZero();
    }

    /** Renaming and erasing take a former name, too. */
    @Test
    void photosOfAFormerNameAreListedAndDeleted() throws Exception {
        enrol("Grace Murray", GRACE);
        send("PUT", SUBJECTS + "/Grace%20Murray", subject("Grace Hopper"));

        assertThat(send("GET", FACES + "?subject=Grace%20Murray", null).json().at("/faces/0/subject"))
                .hasToString("\"Grace Hopper\"");
        assertThat(send("DELETE", FACES + "?subject=Grace%20Murray", null).json())
                .hasToString("{\"deleted\":1}");
        assertThat(send("GET", FACES, null).json().path("total_elements").asInt())
                .isZero();
    }

    private Answer verify(String image, byte[] picture) throws Exception {
        return send(
                "POST",
                FACES + "/" + image + "/verify",
                "{\"file\":\"" + Base64.getEncoder().encodeToString(picture) + "\"}");
    }

    private List<String> trail(String action, String sample) throws Exception {
        return api.query(
                "select detail ->> 'keyName' from facestream.audit where action = ? and detail ->> 'sample' = ?",
                action,
                sample);
    }

    @Test
    void aPictureIsComparedWithAPhotoWhichTheTrailTells() throws Exception {
        String image = enrol("Grace", GRACE).json().path("image_id").asText();

        Answer same = verify(image, GRACE);
        Answer other = verify(image, EILEEN);

        assertThat(same.json().at("/result/0/similarity").asDouble())
                .as("%s", same)
                .isGreaterThan(0.9);
        assertThat(other.json().at("/result/0/similarity").asDouble())
                .as("%s", other)
                .isBetween(0.0, 0.5);
        assertThat(other.json().at("/result/0/box/x_max").asInt()).isPositive();
        assertThat(trail("compare", image)).hasSize(2).containsOnly(key.substring(3, 20));
        assertThat(verify(UUID.randomUUID().toString(), GRACE).status()).isEqualTo(404);
        assertThat(verify("no-id", GRACE).status()).isEqualTo(400);
        key = api.key("viewer");
        assertThat(verify(image, GRACE).status()).isEqualTo(403);
    }

    @Test
    void theFaceOfAPhotoIsDownloadedWhichTheTrailTells() throws Exception {
        String image = enrol("Grace", GRACE).json().path("image_id").asText();
        key = api.key("viewer");

        HttpResponse<byte[]> face = api.download(FACES + "/" + image + "/img", key);

        assertThat(face.headers().firstValue("content-type")).contains("image/png");
        assertThat(ImageIO.read(new ByteArrayInputStream(face.body())).getWidth())
                .isEqualTo(160);
        assertThat(trail("show-photo", image)).containsExactly(key.substring(3, 20));
        assertThat(api.download(FACES + "/" + UUID.randomUUID() + "/img", key).statusCode())
                .isEqualTo(404);
    }

    @Test
    void onlyAnAdminErasesEverybody() throws Exception {
        for (int i = 0; i < 40; i++) {
            api.execute("insert into facestream.identity (kind, name) values ('person', ?)", "Somebody " + i);
        }

        assertThat(send("DELETE", SUBJECTS, null).status()).isEqualTo(403);
        key = api.key("admin");
        assertThat(send("DELETE", SUBJECTS + "/", null).status()).isEqualTo(400);
        // A slow machine does not erase all of them in the time of one call.
        await().atMost(Duration.ofMinutes(2))
                .until(() -> send("DELETE", SUBJECTS, null).status() == 200);

        assertThat(send("GET", SUBJECTS, null).json().path("subjects")).isEmpty();
    }

    @Test
    void onlyAnAdminDeletesAllPhotosAndPeopleStay() throws Exception {
        enrol("Grace", GRACE);
        enrol("Eileen", EILEEN);

        assertThat(send("DELETE", FACES, null).status()).isEqualTo(403);
        key = api.key("admin");
        Answer deleted = send("DELETE", FACES, null);

        assertThat(deleted.json().path("deleted").asInt()).as("%s", deleted).isEqualTo(2);
        assertSubjects("Grace", "Eileen");
    }

    @Test
    void aPhotoWhoseFaceIsBelowTheThresholdOfDetectionIsNotEnrolled() throws Exception {
        Answer refused = send(
                "POST",
                FACES + "?subject=Grace&det_prob_threshold=1",
                "{\"file\":\"" + Base64.getEncoder().encodeToString(GRACE) + "\"}");

        assertThat(refused.json().path("code").asInt()).as("%s", refused).isEqualTo(28);
    }

    @Test
    void whatIsNotPossibleIsAnErrorOfCompreFace() throws Exception {
        assertThat(send("POST", SUBJECTS, subject("First")).status()).isEqualTo(400);
        assertThat(send("POST", SUBJECTS, subject("x".repeat(257))).status()).isEqualTo(400);
        assertThat(send("POST", SUBJECTS, "{}").json().path("code").asInt()).isEqualTo(33);
        assertThat(send("POST", SUBJECTS, "[").status()).isEqualTo(400);
        assertThat(send("PUT", SUBJECTS + "/nobody", subject("x")).status()).isEqualTo(404);
        assertThat(send("DELETE", SUBJECTS + "/nobody", null).status()).isEqualTo(404);
        assertThat(send("GET", FACES + "?page=x", null).json().path("code").asInt())
                .isEqualTo(26);
        assertThat(send("POST", FACES + "/delete", "[null]").status()).isEqualTo(400);
        assertThat(enrol("x", "no picture".getBytes(UTF_8)).status()).isEqualTo(400);
        key = api.key("viewer");
        assertThat(send("POST", SUBJECTS, subject("y")).json().path("code").asInt())
                .isEqualTo(32);
    }
}
