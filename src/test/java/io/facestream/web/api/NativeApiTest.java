package io.facestream.web.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.facestream.AllRoles;
import io.facestream.frames.TestPictures;
import io.facestream.web.WebApi;
import io.facestream.web.WebApi.Answer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The native API, through the roles that do what it asks. */
@QuarkusTest
@Tag("application")
@TestProfile(AllRoles.class)
class NativeApiTest {
    private static final byte[] GRACE = TestPictures.sample("people/Grace_Hopper/us-navy.jpg");
    private static final UUID STRANGER = UUID.fromString("00000000-0000-4000-8000-00000000000b");

    private final WebApi api = new WebApi();
    private String key;

    @BeforeEach
    void makeKey() throws Exception {
        empty();
        key = api.key("operator");
        // The first command waits until answers are followed.
        await().atMost(Duration.ofSeconds(60))
                .until(() ->
                        change("{\"command\": \"create\", \"name\": \"First\"}").status() != 503);
    }

    @AfterEach
    void empty() throws Exception {
        api.execute("delete from facestream.sighting");
        api.execute("delete from facestream.identity");
    }

    private Answer get(String path) throws Exception {
        return api.send(api.to("/api/v1" + path).header("x-api-key", key).build());
    }

    private Answer post(String path, String json) throws Exception {
        return api.send(api.to("/api/v1" + path)
                .header("x-api-key", key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build());
    }

    private Answer change(String command) throws Exception {
        return post("/commands?wait=30s", command);
    }

    private String create(String name) throws Exception {
        Answer done = change("{\"command\": \"create\", \"name\": \"" + name + "\"}");
        assertThat(done.status()).as("%s", done).isEqualTo(200);
        return done.json().path("person").asText();
    }

    private static void assertProblem(Answer answer, int status, String code) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(status);
        assertThat(answer.json().path("type").asText()).isEqualTo("urn:facestream:problem:" + code);
        assertThat(answer.header("content-type")).startsWith("application/problem+json");
    }

    @Test
    void aChangeIsSeenByWhoeverBringsItsRevision() throws Exception {
        Answer created = change("{\"command\": \"create\", \"name\": \"Ada Lovelace\", \"tags\": [\"staff\"]}");
        long revision = created.json().path("revision").asLong();

        JsonNode people = get("/people?tag=staff&revision=" + revision).json();

        assertThat(people.at("/people/0/name").asText()).isEqualTo("Ada Lovelace");
        assertThat(people.path("revision").asLong()).isGreaterThanOrEqualTo(revision);
        assertProblem(get("/people?revision=" + (revision + 1_000_000)), 503, "behind");
    }

    @Test
    void whoeverDoesNotWaitIsToldWhereTheAnswerWillBe() throws Exception {
        String id = UUID.randomUUID().toString();
        String command = "{\"command\": \"create\", \"name\": \"Ada\", \"commandId\": \"" + id + "\"}";

        Answer sent = post("/commands", command);

        assertThat(sent.status()).isEqualTo(202);
        assertThat(sent.json().path("commandId").asText()).isEqualTo(id);
        assertThat(sent.header("location")).endsWith("/api/v1/commands/" + id);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> get("/commands/" + id).status() == 200);
        assertThat(get("/commands/" + id).json().path("state").asText()).isEqualTo("done");
        assertThat(change(command).json().path("person"))
                .isEqualTo(get("/commands/" + id).json().path("person"));
        assertProblem(get("/commands/" + UUID.randomUUID()), 404, "no-such-command");
    }

    @Test
    void aRenameIsUndone() throws Exception {
        String ada = create("Ada");
        Answer renamed = change("{\"command\": \"rename\", \"person\": \"" + ada + "\", \"name\": \"Ada Lovelace\"}");
        assertThat(get("/people/" + ada).json().path("name").asText()).isEqualTo("Ada Lovelace");

        String command = renamed.json().path("commandId").asText();
        change("{\"command\": \"undo\", \"target\": \"" + command + "\"}");

        assertThat(get("/people/" + ada).json().path("name").asText()).isEqualTo("Ada");
    }

    @Test
    void whatIsNotPossibleIsAProblem() throws Exception {
        assertProblem(change("{\"command\": \"create\", \"name\": \"First\"}"), 409, "name-taken");
        assertProblem(change("{\"command\": \"ignore\", \"people\": [\"nobody\"]}"), 404, "no-such-person");
        assertProblem(change("{\"command\": \"fly\"}"), 400, "bad-command");
        assertProblem(change("["), 400, "bad-command");
        assertProblem(post("/commands?wait=1h", "{}"), 400, "bad-parameter");
        assertProblem(get("/people/" + UUID.randomUUID()), 404, "no-person");
        assertProblem(get("/people/x"), 400, "bad-parameter");
        assertProblem(get("/people?limit=0"), 400, "bad-parameter");
        assertProblem(get("/sightings?since=yesterday"), 400, "bad-parameter");
        assertProblem(get("/sightings?before=x"), 400, "bad-parameter");
        assertProblem(get("/nothing"), 404, "http");
    }

    @Test
    void onlyAnAdminErasesAndAViewerChangesNothing() throws Exception {
        String erase = "{\"command\": \"erase\", \"person\": \"" + create("Ada") + "\"";
        assertProblem(change(erase + "}"), 403, "not-allowed");
        assertThat(change(erase + ", \"dryRun\": true}").status()).isEqualTo(200);
        key = api.key("viewer");
        assertProblem(change("{\"command\": \"create\", \"name\": \"Eve\"}"), 403, "not-allowed");

        key = api.key("admin");
        Answer erased = change(erase + "}");

        assertThat(erased.json().path("erased").size()).as("%s", erased).isPositive();
    }

    @Test
    void aPhotoIsEnrolledListedAndShown() throws Exception {
        String name = URLEncoder.encode("Grace Hopper", StandardCharsets.UTF_8);
        Answer enrolled = api.post("/api/v1/photos?name=" + name, key, "image/jpeg", GRACE);
        assertThat(enrolled.status()).as("%s", enrolled).isEqualTo(201);
        String photo = enrolled.json().path("id").asText();

        String grace = get("/people?name=grace").json().at("/people/0/id").asText();

        assertThat(get("/people/" + grace + "/photos").json().at("/photos/0/id").asText())
                .isEqualTo(photo);
        assertThat(api.download("/api/v1/photos/" + photo + "/face", key).body())
                .startsWith(0x89, 'P', 'N', 'G');
        Answer other = api.post("/api/v1/photos?name=Somebody", key, "image/jpeg", GRACE);
        assertProblem(other, 422, "already-enrolled-as");
    }

    @Test
    void sightingsAreFoundPageByPage() throws Exception {
        UUID ada = UUID.fromString(create("Ada"));
        Instant now = Instant.now();
        api.execute("select facestream.make_sighting_days(array[(now() at time zone 'UTC')::date])");
        for (int i = 0; i < 3; i++) {
            api.execute(
                    "insert into facestream.sighting (source, sighting_id, day, sequence, change, camera, kind,"
                            + " identity_id, probability, reason, first_seen, last_seen, first_appended_at,"
                            + " last_appended_at, frames, best) values ('/cameras/door', ?,"
                            + " (now() at time zone 'UTC')::date, 1, 'left', 'door', ?, ?::uuid, ?::real, ?, ?, ?, ?,"
                            + " ?, 20, '{\"eventId\": \"e\"}')",
                    "visit-" + i,
                    i == 0 ? "unknown" : "person",
                    i == 0 ? null : ada,
                    i == 0 ? null : 0.9f,
                    i == 0 ? "too-small" : null,
                    now.minusSeconds(i),
                    now,
                    now.minusSeconds(i),
                    now);
        }

        JsonNode first = get("/sightings?limit=2").json();
        JsonNode second =
                get("/sightings?limit=2&before=" + first.path("next").asText()).json();

        assertThat(first.at("/sightings/0/reason").asText()).isEqualTo("too-small");
        assertThat(first.at("/sightings/1/name").asText()).isEqualTo("Ada");
        assertThat(second.at("/sightings/0/sightingId").asText()).isEqualTo("visit-2");
        assertThat(second.has("next")).isFalse();
        assertThat(get("/sightings?person=ada&who=named&camera=door&since=" + now.minusSeconds(60))
                        .json()
                        .path("sightings"))
                .hasSize(2);
        assertThat(get("/sightings?person=" + ada.toString().toUpperCase(Locale.ROOT))
                        .json()
                        .path("sightings"))
                .hasSize(2);
        assertThat(get("/sightings?until=" + now.minusSeconds(60)).json().path("sightings"))
                .isEmpty();
        assertThat(get("/cameras").json().at("/cameras/0/name").asText()).isEqualTo("door");
        assertThat(get("/health/why-unnamed").json().at("/reasons/0/reason").asText())
                .isEqualTo("too-small");
    }

    private void keepStranger() throws Exception {
        api.execute("insert into facestream.identity (id, kind) values (?, 'stranger')", STRANGER);
        api.execute(
                "insert into facestream.stranger (identity_id, expires_at) values (?, now() + interval '1 day')",
                STRANGER);
        for (String chip : List.of("chip", "other chip")) {
            api.execute(
                    "insert into facestream.stranger_chip (identity_id, sha256, chip, quality, source_topic,"
                            + " source_partition, source_offset)"
                            + " values (?, sha256(?), ?, '{}', 'detected-faces', 0, 1)",
                    STRANGER,
                    chip.getBytes(StandardCharsets.UTF_8),
                    chip.getBytes(StandardCharsets.UTF_8));
        }
        api.execute("insert into facestream.stranger_embedding (model_version, chip_id, embedding, norm)"
                + " select v.version, c.id, array_fill(0, array[v.dimensions])::vector, length(c.chip)"
                + " from facestream.stranger_chip c, facestream.model_version v where v.status = 'active'");
    }

    private long looks(String action) throws Exception {
        return Long.parseLong(api.query("select count(*) from facestream.audit_trail where action = '" + action
                        + "' and detail ->> 'keyName' is not null")
                .get(0));
    }

    @Test
    void strangersAreListedAndShownWithARowOfTheTrail() throws Exception {
        key = api.key("viewer");
        keepStranger();
        long looks = looks("show-stranger");

        JsonNode listed = get("/strangers").json().at("/strangers/0");
        byte[] shot =
                api.download("/api/v1/strangers/" + STRANGER + "/shot", key).body();

        assertThat(listed.path("id").asText()).isEqualTo(STRANGER.toString());
        assertThat(listed.path("faces").asInt()).isEqualTo(2);
        assertThat(shot).asString(StandardCharsets.UTF_8).isEqualTo("other chip");
        assertThat(looks("show-stranger")).isEqualTo(looks + 1);
        assertProblem(get("/strangers?limit=0"), 400, "bad-parameter");
        assertProblem(get("/strangers/" + UUID.randomUUID() + "/shot"), 404, "no-shot");
    }

    @Test
    void aPersonsBestShotIsThatOfTheLongestEmbedding() throws Exception {
        UUID ada = UUID.fromString(create("Ada"));
        api.execute("select facestream.make_sighting_days(array[(now() at time zone 'UTC')::date])");
        for (String norm : List.of("60", "90", "75")) {
            api.execute(
                    "insert into facestream.sighting (source, sighting_id, day, sequence, change, camera, kind,"
                            + " identity_id, first_seen, last_seen, first_appended_at, last_appended_at, frames, best)"
                            + " values ('/cameras/door', ?, (now() at time zone 'UTC')::date, 1, 'left', 'door',"
                            + " 'person', ?, now(), now(), now(), now(), 20, ?::jsonb)",
                    norm,
                    ada,
                    "{\"eventId\": \"e\", \"quality\": {\"norm\": " + norm + "}}");
            api.execute(
                    "insert into facestream.sighting_shot (source, sighting_id, day, event_id, identity_id, appended_at,"
                            + " chip) values ('/cameras/door', ?, (now() at time zone 'UTC')::date, 'e', ?, now(), ?)",
                    norm,
                    ada,
                    norm.getBytes(StandardCharsets.UTF_8));
        }
        long looks = looks("show-shot");

        byte[] shot = api.download("/api/v1/people/" + ada + "/shot", key).body();

        assertThat(shot).asString(StandardCharsets.UTF_8).isEqualTo("90");
        assertThat(looks("show-shot")).isEqualTo(looks + 1);
        assertProblem(get("/people/" + create("Eve") + "/shot"), 404, "no-shot");
        assertProblem(get("/people/" + UUID.randomUUID() + "/shot"), 404, "no-person");
    }

    @Test
    void versionsAreListed() throws Exception {
        key = api.key("viewer");

        // Other classes of this process add versions and promote them.
        assertThat(get("/models").json().path("models").findValuesAsText("status"))
                .containsOnlyOnce("active");
    }

    @Test
    void trainingsAreListedBeforeAndAfterTheirFirstEpoch() throws Exception {
        key = api.key("viewer");
        UUID refused = training("failed", "[]");
        UUID done = training("done", "{\"epochs\": [{\"epoch\": 1}, {\"epoch\": 2}]}");

        Answer listed = get("/training");

        assertThat(listed.status()).as("%s", listed).isEqualTo(200);
        Map<String, Integer> epochs = new HashMap<>();
        listed.json()
                .path("runs")
                .forEach(run -> epochs.put(
                        run.path("commandId").asText(), run.path("epochs").asInt()));
        assertThat(epochs).containsEntry(refused.toString(), 0).containsEntry(done.toString(), 2);
    }

    /** A command that is over and told. */
    private UUID training(String state, String epochs) throws Exception {
        UUID id = UUID.randomUUID();
        api.execute(
                "insert into facestream.training_command (id, command, kind, state, announced, epochs)"
                        + " values (?, '{\"command\": \"fine-tune\"}', 'fine-tune', ?, true, ?::jsonb)",
                id,
                state,
                epochs);
        return id;
    }
}
