package io.facestream.alerts.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.sightings.message.Sighting.Change;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EntitiesTest {
    private static final UUID ADA = new UUID(0, 0xada);
    private static final UUID BOB = new UUID(0, 0xb0b);
    private static final Instant NOW = Instant.parse("2026-05-04T09:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Visits visits = new Visits(Duration.ofMinutes(12));
    private Entities entities = entities();

    private static Entities entities(String... settings) {
        Topics topics = new Topics("facestream", "homeassistant");
        return new Entities(topics, TestMqttConfig.of("mqtt://broker", settings), new Discovery(topics));
    }

    private static Directory.Snapshot knowing(Directory.Person... people) {
        Map<UUID, Directory.Person> all = new HashMap<>();
        for (Directory.Person person : people) {
            all.put(person.identity(), person);
        }
        return new Directory.Snapshot(NOW, all, Map.of(), Set.of());
    }

    private static Directory.Person named(UUID identity, String name) {
        return new Directory.Person(identity, name, null, null);
    }

    private Map<String, String> states(Directory.Snapshot directory, Instant now) {
        Map<String, String> states = new TreeMap<>();
        entities.states(visits, directory, now)
                .forEach((topic, payload) -> states.put(topic, new String(payload, UTF_8)));
        return states;
    }

    @Test
    void somebodyIsPresentAsLongAsOneCameraSeesThem() {
        TestVisit lobby = new TestVisit("a#0", "lobby", NOW);
        TestVisit door = new TestVisit("b#0", "door", NOW.plusSeconds(2));
        visits.take(lobby.of(ADA, "Ada", Change.APPEARED, 0));
        visits.take(door.of(ADA, "Ada", Change.APPEARED, 1));
        visits.take(lobby.of(ADA, "Ada", Change.LEFT, 1));
        String person = "facestream/person/" + ADA + "/";

        assertThat(states(knowing(named(ADA, "Ada")), NOW))
                .containsEntry(person + "present", "ON")
                .containsEntry(person + "last_camera", "door")
                .containsEntry(person + "last_seen", NOW.plusSeconds(3).toString())
                .containsEntry("facestream/camera/lobby/present", "OFF")
                .containsEntry("facestream/camera/lobby/who", "nobody")
                .containsEntry("facestream/camera/door/present", "ON")
                .containsEntry("facestream/status", "online");

        visits.take(door.of(ADA, "Ada", Change.LEFT, 2));
        assertThat(states(knowing(named(ADA, "Ada")), NOW))
                .containsEntry(person + "present", "OFF")
                .containsEntry(person + "last_camera", "door");
    }

    @Test
    void aCameraTellsWhoIsThereByTheNamesOfToday() throws IOException {
        visits.take(new TestVisit("a#0", "lobby", NOW).of(ADA, "Ada Byron", Change.APPEARED, 0));
        visits.take(new TestVisit("b#0", "lobby", NOW).nobody(Change.APPEARED, 0));
        visits.take(new TestVisit("c#0", "lobby", NOW).nobody(Change.APPEARED, 0));
        visits.take(new TestVisit("d#0", "lobby", NOW).of(BOB, "Bob", Change.APPEARED, 0));

        Map<String, String> states = states(knowing(named(ADA, "Ada King")), NOW);

        assertThat(states)
                .containsEntry("facestream/camera/lobby/people", "4")
                .containsEntry("facestream/camera/lobby/who", "Ada King, Bob, 2 unknown");
        JsonNode attributes = JSON.readTree(states.get("facestream/camera/lobby/who_attributes"));
        assertThat(attributes.at("/known/0/name").asText()).isEqualTo("Ada King");
        assertThat(attributes.at("/known/0/identityId").asText()).isEqualTo(ADA.toString());
        assertThat(attributes.at("/unknown").asInt()).isEqualTo(2);
        // the database does not know this person yet, or no longer
        assertThat(states).doesNotContainKey("facestream/person/" + BOB + "/present");
    }

    @Test
    void whoIsErasedIsNobodyAnyWhereAtOnce() {
        visits.take(new TestVisit("a#0", "lobby", NOW).of(ADA, "Ada", Change.APPEARED, 0));
        assertThat(states(knowing(named(ADA, "Ada")), NOW)).hasSize(1 + 5 + 4 + 1);

        Map<String, String> states =
                states(new Directory.Snapshot(NOW, Map.of(), Map.of(), Set.of(ADA)), NOW.plusSeconds(1));

        assertThat(states).hasSize(1 + 5 + 1).containsEntry("facestream/camera/lobby/who", "1 unknown");
        assertThat(states.values()).noneMatch(payload -> payload.contains("Ada") || payload.contains(ADA.toString()));
    }

    @Test
    void whoIsRenamedKeepsTheirIds() throws IOException {
        visits.take(new TestVisit("a#0", "lobby", NOW).of(ADA, "Ada", Change.APPEARED, 0));
        String topic = "homeassistant/device/facestream/person_" + ADA + "/config";
        JsonNode before =
                JSON.readTree(states(knowing(named(ADA, "Ada Byron")), NOW).get(topic));
        JsonNode after =
                JSON.readTree(states(knowing(named(ADA, "Ada King")), NOW).get(topic));

        assertThat(before.at("/device/name").asText()).isEqualTo("Ada Byron");
        assertThat(after.at("/device/name").asText()).isEqualTo("Ada King");
        assertThat(after.get("components")).isEqualTo(before.get("components"));
        assertThat(after.at("/device/identifiers")).isEqualTo(before.at("/device/identifiers"));
    }

    @Test
    void nobodyStaysPresentBecauseALeftWasMissed() {
        visits.take(new TestVisit("a#0", "lobby", NOW).of(ADA, "Ada", Change.APPEARED, 0));

        Instant later = NOW.plus(Duration.ofMinutes(13));
        entities.remember(visits.forget(later));

        assertThat(states(knowing(named(ADA, "Ada")), later))
                .containsEntry("facestream/person/" + ADA + "/present", "OFF")
                .containsEntry("facestream/person/" + ADA + "/last_seen", NOW.toString())
                .containsEntry("facestream/camera/lobby/present", "OFF");
    }

    @Test
    void whoWasTakenForSomebodyElseWasNotSeen() {
        Instant yesterday = NOW.minus(Duration.ofDays(1));
        TestVisit visit = new TestVisit("a#0", "lobby", NOW);
        visits.take(visit.of(BOB, "Bob", Change.APPEARED, 0));
        visits.take(visit.notOf(BOB, ADA, "Ada", 1));
        Directory.Person bob = new Directory.Person(BOB, "Bob", yesterday, "door");

        assertThat(states(knowing(named(ADA, "Ada"), bob), NOW))
                .containsEntry("facestream/person/" + BOB + "/present", "OFF")
                .containsEntry("facestream/person/" + BOB + "/last_seen", yesterday.toString())
                .containsEntry("facestream/person/" + BOB + "/last_camera", "door")
                .containsEntry("facestream/person/" + ADA + "/present", "ON");
    }

    @Test
    void thereIsABoundWhoHasAPlaceKeepsItAndWhoWasNotSeenForLongGoes() {
        entities = entities("most-people", "1", "most-cameras", "1", "keep", "P1D");
        visits.take(new TestVisit("a#0", "lobby", NOW).of(ADA, "Ada", Change.APPEARED, 0));
        states(knowing(named(ADA, "Ada"), named(BOB, "Bob")), NOW);
        visits.take(new TestVisit("b#0", "door", NOW).of(BOB, "Bob", Change.APPEARED, 5));

        assertThat(states(knowing(named(ADA, "Ada"), named(BOB, "Bob")), NOW))
                .containsKey("facestream/person/" + ADA + "/present")
                .doesNotContainKey("facestream/person/" + BOB + "/present")
                .containsKey("facestream/camera/lobby/present")
                .doesNotContainKey("facestream/camera/door/present");
        assertThat(entities.leftOut()).isEqualTo(2);

        visits.clear();
        assertThat(states(
                        knowing(
                                new Directory.Person(ADA, "Ada", NOW.minus(Duration.ofDays(2)), "lobby"),
                                new Directory.Person(BOB, "Bob", NOW, "door")),
                        NOW))
                .doesNotContainKey("facestream/person/" + ADA + "/present")
                .containsKey("facestream/person/" + BOB + "/present");
    }

    @Test
    void peopleMayHaveNoEntities() {
        entities = entities("people", "false");
        visits.take(new TestVisit("a#0", "lobby", NOW).of(ADA, "Ada", Change.APPEARED, 0));

        assertThat(states(knowing(named(ADA, "Ada")), NOW).keySet()).noneMatch(topic -> topic.contains("person"));
    }

    @Test
    void anyNameIsSafeInTopicsAndStates() throws IOException {
        for (String name : List.of("a+b", "#", "x/y", "\ud83d\ude00 \u5927\u5802", "\"q\"\\", "y".repeat(256))) {
            visits.clear();
            visits.take(new TestVisit("a#0", name, NOW).of(ADA, name, Change.APPEARED, 0));

            Map<String, String> states = states(knowing(named(ADA, name)), NOW);

            assertThat(states.keySet()).as(name).allMatch(topic -> topic.matches("[A-Za-z0-9_/-]+"));
            assertThat(states.get("facestream/person/" + ADA + "/last_camera").length())
                    .isLessThanOrEqualTo(255);
            for (Map.Entry<String, String> state : states.entrySet()) {
                if (state.getKey().endsWith("/config") && !state.getKey().contains("hub")) {
                    assertThat(JSON.readTree(state.getValue())
                                    .at("/device/name")
                                    .asText())
                            .isEqualTo(name);
                }
            }
        }
    }

    @Test
    void aStateIsAtMost255CharactersAndNoneIsCutInTwo() {
        for (int i = 0; i < 200; i++) {
            visits.take(new TestVisit("v" + i + "#0", "lobby", NOW)
                    .of(new UUID(0, i), "x".repeat(i % 2) + "\ud83d\ude00".repeat(10) + i, Change.APPEARED, 0));
        }

        String who = states(knowing(), NOW).get("facestream/camera/lobby/who");

        assertThat(who.length()).isLessThanOrEqualTo(255);
        assertThat(new String(who.getBytes(UTF_8), UTF_8)).isEqualTo(who).endsWith("\u2026");
    }
}
