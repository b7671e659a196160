package io.facestream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.alerts.Visits;
import io.facestream.curation.message.GalleryEvent;
import io.facestream.messaging.Json;
import io.facestream.messaging.Topic;
import io.facestream.sightings.message.Sighting;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** From a command to an alert at its receiver, without a restart. */
@QuarkusTest
@Tag("application")
@TestProfile(AllRoles.class)
class AlertRulesOverKafkaTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final DataSource database = AllRoles.database();
    private Topics topics;

    @BeforeEach
    void connect() throws SQLException {
        topics = new Topics();
        clear();
    }

    @AfterEach
    void close() throws SQLException {
        topics.close();
        clear();
    }

    private void clear() throws SQLException {
        AllRoles.execute(database, "delete from facestream.alert_rule; delete from facestream.identity");
    }

    private GalleryEvent ask(Map<String, Object> fields) throws Exception {
        String id = UUID.randomUUID().toString();
        Map<String, Object> command = new HashMap<>(fields);
        command.put("commandId", id);
        topics.publish(Topic.GALLERY_COMMANDS, null, id, Json.write(command), Map.of());
        return Json.read(
                topics.await(
                                Topic.GALLERY_EVENTS,
                                record -> record.key() != null && id.equals(new String(record.key(), UTF_8)))
                        .value(),
                GalleryEvent.class);
    }

    /** Somebody comes to a camera. */
    private void visit(String camera, UUID who) {
        String id = UUID.randomUUID() + "#0";
        topics.publish(
                Topic.SIGHTINGS,
                null,
                camera,
                Json.write(Visits.message(camera, id, 1, Sighting.Change.APPEARED, who, Instant.now())),
                Map.of(
                        "ce_specversion",
                        "1.0",
                        "ce_id",
                        id,
                        "ce_type",
                        Sighting.TYPE,
                        "ce_source",
                        "/cameras/" + camera,
                        "content-type",
                        "application/json"));
    }

    /** The rules whose alerts about a camera came. */
    private static List<String> received(String camera) throws Exception {
        URI receiver = ConfigProvider.getConfig().getValue("facestream.alerts.targets.test.webhook.url", URI.class);
        String bodies = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(receiver).build(), HttpResponse.BodyHandlers.ofString())
                .body();
        return bodies.lines()
                .map(AlertRulesOverKafkaTest::json)
                .filter(alert -> alert.path("camera").asText().equals(camera))
                .map(alert -> alert.path("rule").asText())
                .sorted()
                .toList();
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aCommandIsARuleForTheNextVisitAndAnotherOneEndsIt() throws Exception {
        UUID ada = ask(Map.of("command", "create", "name", "Ada")).person();
        String before = "before-" + UUID.randomUUID();
        String during = "during-" + UUID.randomUUID();
        String after = "after-" + UUID.randomUUID();

        // "test" is the rule of the settings, about anybody.
        visit(before, ada);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(received(before)).containsExactly("test"));
        assertThat(ask(Map.of(
                                "command",
                                "alert-rule",
                                "rule",
                                "ada",
                                "who",
                                List.of("Ada"),
                                "targets",
                                List.of("test")))
                        .state())
                .isEqualTo(GalleryEvent.State.DONE);
        visit(during, ada);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(received(during)).containsExactly("ada", "test"));
        assertThat(ask(Map.of("command", "alert-rule", "rule", "ada", "remove", true))
                        .state())
                .isEqualTo(GalleryEvent.State.DONE);
        visit(after, ada);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(received(after)).containsExactly("test"));
    }

    @Test
    void theSettingsSayWhichTargetsAndWhichRulesThereAre() throws Exception {
        GalleryEvent target = ask(
                Map.of("command", "alert-rule", "rule", "all", "who", List.of("anybody"), "targets", List.of("fone")));
        GalleryEvent rule = ask(
                Map.of("command", "alert-rule", "rule", "test", "who", List.of("anybody"), "targets", List.of("test")));

        assertThat(target.message()).isEqualTo("no target is called fone; targets are home, test");
        assertThat(rule.reason()).isEqualTo("rule-of-settings");
    }
}
