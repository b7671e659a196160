package io.facestream.web.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.facestream.AllRoles;
import io.facestream.web.WebApi;
import io.facestream.web.WebApi.Answer;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rules of alerts over HTTP, through the roles that do what it asks. */
@QuarkusTest
@Tag("application")
@TestProfile(AllRoles.class)
class AlertRulesApiTest {
    private static final String NIGHT =
            """
            {"who": ["Ada", "unknown", "tag:staff"], "where": ["front-*"], "when": ["mon-fri 22:00-06:00"],
             "zone": "Europe/Berlin", "coolDown": "PT10M", "targets": ["test"]}""";

    private final WebApi api = new WebApi();
    private String key;
    private String ada;

    @BeforeEach
    void makeKey() throws Exception {
        empty();
        key = api.key("operator");
        // The first command waits until answers are followed.
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            Answer created = send(
                    "/commands?wait=30s",
                    request -> request.POST(BodyPublishers.ofString("{\"command\": \"create\", \"name\": \"Ada\"}")));
            ada = created.json().path("person").asText();
            return created.status() == 200;
        });
    }

    @AfterEach
    void empty() throws Exception {
        api.execute("delete from facestream.alert_rule");
        api.execute("delete from facestream.identity");
    }

    private interface Change {
        HttpRequest.Builder of(HttpRequest.Builder request);
    }

    private Answer send(String path, Change change) throws Exception {
        return api.send(
                change.of(api.to("/api/v1" + path).header("x-api-key", key).header("Content-Type", "application/json"))
                        .build());
    }

    private Answer get(String path) throws Exception {
        return send(path, HttpRequest.Builder::GET);
    }

    private Answer put(String rule, String body) throws Exception {
        return send("/alert-rules/" + rule + "?wait=30s", request -> request.PUT(BodyPublishers.ofString(body)));
    }

    private Answer remove(String rule) throws Exception {
        return send("/alert-rules/" + rule + "?wait=30s", HttpRequest.Builder::DELETE);
    }

    private static void assertProblem(Answer answer, int status, String code) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(status);
        assertThat(answer.json().path("type").asText()).isEqualTo("urn:facestream:problem:" + code);
    }

    private static List<String> texts(JsonNode values) {
        List<String> texts = new ArrayList<>();
        values.forEach(value -> texts.add(value.asText()));
        return texts;
    }

    @Test
    void aRuleIsPutShownAndRemoved() throws Exception {
        assertThat(put("night", NIGHT).json().path("state").asText()).isEqualTo("done");

        JsonNode night = get("/alert-rules/night").json();
        assertThat(texts(night.path("who"))).containsExactly("unknown", "tag:staff", ada);
        assertThat(night.path("people").asInt()).isEqualTo(1);
        assertThat(texts(night.path("where"))).containsExactly("front-*");
        assertThat(texts(night.path("when"))).containsExactly("mon-fri 22:00-06:00");
        assertThat(night.path("coolDown").asText()).isEqualTo("PT10M");
        assertThat(put("night", night.toString()).status())
                .as("what GET shows is PUT again")
                .isEqualTo(200);
        assertThat(texts(get("/alert-rules/night").json().path("who"))).containsExactly("unknown", "tag:staff", ada);

        assertThat(remove("night").status()).isEqualTo(200);
        assertProblem(get("/alert-rules/night"), 404, "no-such-rule");
    }

    @Test
    void theListHasRulesOfTheSettingsByNameAndTheTargets() throws Exception {
        put("night", NIGHT);

        JsonNode list = get("/alert-rules").json();

        assertThat(texts(list.path("targets"))).containsExactly("home", "test");
        assertThat(list.at("/rules/0/rule").asText()).isEqualTo("night");
        assertThat(texts(list.at("/rules/0/who"))).containsExactly("unknown", "tag:staff");
        assertThat(list.path("rules").get(1).toString()).isEqualTo("{\"rule\":\"test\",\"origin\":\"settings\"}");
    }

    @Test
    void whatIsNotPossibleIsAProblem() throws Exception {
        assertProblem(put("night", NIGHT.replace("\"test\"", "\"fone\"")), 409, "no-such-target");
        assertProblem(put("night", NIGHT.replace("\"Ada\"", "\"Nobody\"")), 404, "no-such-person");
        assertProblem(put("test", NIGHT), 409, "rule-of-settings");
        assertProblem(remove("test"), 409, "rule-of-settings");
        assertProblem(remove("night"), 404, "no-such-rule");
        assertProblem(put("The%20Door", NIGHT), 400, "bad-command");
        assertProblem(remove("The%20Door"), 400, "bad-command");
        assertProblem(put("night", "[]"), 400, "bad-command");
        assertProblem(put("night", "{"), 400, "bad-command");
        assertProblem(put("night", NIGHT.replace("PT10M", "ten minutes")), 400, "bad-command");
    }

    @Test
    void aViewerReadsRulesAndChangesNone() throws Exception {
        key = api.key("viewer");

        assertThat(get("/alert-rules").status()).isEqualTo(200);
        assertProblem(put("night", NIGHT), 403, "not-allowed");
        assertProblem(remove("night"), 403, "not-allowed");
    }

    @Test
    void whoeverDoesNotWaitIsToldWhereTheAnswerWillBe() throws Exception {
        Answer sent = send("/alert-rules/night", request -> request.PUT(BodyPublishers.ofString(NIGHT)));

        assertThat(sent.status()).isEqualTo(202);
        assertThat(sent.header("location")).contains("/api/v1/commands/");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> get("/alert-rules/night").status() == 200);
    }
}
