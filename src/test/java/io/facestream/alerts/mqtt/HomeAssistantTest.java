package io.facestream.alerts.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.gallery.TestGallery;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.message.Sighting.Change;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** States and events at a real broker, with a real database. */
class HomeAssistantTest {
    private static final TestGallery GALLERY = TestGallery.of(HomeAssistantTest.class);
    private static final UUID ADA = new UUID(0, 0xada);
    private static final UUID BOB = new UUID(0, 0xb0b);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PERSON = "facestream/person/";
    private static final String CONFIG = "homeassistant/device/facestream/";

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final List<Replica> replicas = new ArrayList<>();
    private final MqttBroker broker = broker();

    @TempDir
    Path folder;

    MqttBroker broker() {
        return new Moquette();
    }

    @BeforeEach
    void begin() throws SQLException {
        GALLERY.renew();
        person(ADA, "Ada Lovelace");
        person(BOB, "Bob");
    }

    @AfterEach
    void end() {
        replicas.forEach(Replica::kill);
        broker.close();
    }

    private static void person(UUID identity, String name) throws SQLException {
        GALLERY.execute("insert into facestream.identity (id, kind, name) values ('" + identity + "', 'person', '"
                + name.replace("'", "''") + "')");
    }

    /** A row as the projection writes it. */
    private static void row(UUID identity, String camera, Instant seen) throws SQLException {
        GALLERY.query("select facestream.make_sighting_days(array[current_date, current_date - 1])::text");
        GALLERY.execute("insert into facestream.sighting (source, sighting_id, day, sequence, change, camera, kind,"
                + " identity_id, first_seen, last_seen, first_appended_at, last_appended_at, frames, best) values ("
                + "'/cameras/test', '" + UUID.randomUUID() + "', ('" + seen + "'::timestamptz at time zone 'utc')::date"
                + ", 1, 'left', '" + camera + "', 'person', '" + identity + "', '" + seen + "', '" + seen + "', '"
                + seen + "', '" + seen + "', 3, '{}')");
    }

    /** A process with the role. */
    private final class Replica {
        private final Vertx vertx = Vertx.vertx();
        private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
        private final HomeAssistant work;

        Replica(String... settings) throws SQLException {
            MqttConfig config = TestMqttConfig.of(broker.address(), settings);
            Topics topics = new Topics(config.baseTopic(), config.discoveryPrefix());
            MqttSettings reached = MqttSettings.of("home", config, Optional.empty());
            var login = GALLERY.as("facestream_alerts");
            work = new HomeAssistant(
                    topics,
                    config,
                    Duration.ofMinutes(2),
                    new MqttMetrics(registry, "home"),
                    () -> new Directory(
                            login, Duration.ofMillis(300), config.keep(), config.mostPeople(), config.mostCameras()),
                    listener -> new Link(reached, vertx, "facestream", topics.status(), listener));
            replicas.add(this);
            work.begin();
        }

        void take(Sighting... messages) {
            for (Sighting message : messages) {
                work.take(message, true);
            }
        }

        void until(BooleanSupplier condition) {
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
                work.step();
                return condition.getAsBoolean();
            });
        }

        /** Its connections break off, and it says nothing any more. */
        void kill() {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }

        double count(String name, String tag, String value) {
            return registry.get(name).tag(tag, value).counter().count();
        }
    }

    @Test
    void aVisitIsInConfigurationsStatesAndEventsAndTheStatusComesLast() throws Exception {
        broker.start();
        try (Subscriber home = new Subscriber(broker.port())) {
            Replica replica = new Replica();
            TestVisit visit = new TestVisit("a#0", "lobby", now);
            replica.take(visit.nobody(Change.APPEARED, 0), visit.of(ADA, "Ada Byron", Change.UPDATED, 1));
            replica.until(() -> "ON".equals(home.latest(PERSON + ADA + "/present"))
                    && home.of("facestream/camera/lobby/event").size() == 2);
            replica.take(visit.of(ADA, "Ada Byron", Change.LEFT, 4));
            replica.until(() -> "OFF".equals(home.latest(PERSON + ADA + "/present"))
                    && home.of("facestream/camera/lobby/event").size() == 3);

            assertThat(home.below(""))
                    .containsEntry("facestream/camera/lobby/present", "OFF")
                    .containsEntry("facestream/camera/lobby/people", "0")
                    .containsEntry("facestream/camera/lobby/who", "nobody")
                    .containsEntry(
                            PERSON + ADA + "/last_seen", now.plusSeconds(4).toString())
                    .containsEntry(PERSON + ADA + "/last_camera", "lobby")
                    .containsEntry("facestream/status", "online")
                    .containsKeys(CONFIG + "hub/config", CONFIG + "camera_lobby/config")
                    .doesNotContainKey(CONFIG + "person_" + BOB + "/config");
            assertThat(JSON.readTree(home.latest(CONFIG + "person_" + ADA + "/config"))
                            .at("/device/name")
                            .asText())
                    .isEqualTo("Ada Lovelace");
            List<String> types = new ArrayList<>();
            for (Subscriber.Heard event : home.of("facestream/camera/lobby/event")) {
                types.add(JSON.readTree(event.payload()).get("event_type").asText());
            }
            assertThat(types).containsExactly("appeared", "named", "left");
            JsonNode named = JSON.readTree(
                    home.of("facestream/camera/lobby/event").get(1).payload());
            assertThat(named.get("camera").asText()).isEqualTo("lobby");
            assertThat(named.get("identityId").asText()).isEqualTo(ADA.toString());
            assertThat(named.get("probability").asDouble()).isEqualTo(0.97);
            assertThat(named.get("sightingId").asText()).isEqualTo("a#0");
            assertThat(named.get("firstSeen").asText()).isEqualTo(now.toString());
            // An event counts when the broker has acknowledged it, which may be after a subscriber has it.
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(replica.count("facestream.mqtt.published", "kind", "event"))
                            .isEqualTo(3));
        }
        try (Subscriber late = new Subscriber(broker.port())) {
            await().atMost(PATIENCE).until(() -> "online".equals(late.latest("facestream/status")));
            assertThat(late.below("")).doesNotContainKey("facestream/camera/lobby/event");
        }
    }

    @Test
    void statesAreThereBeforeTheStatusIsOnline() throws Exception {
        broker.start();
        row(ADA, "lobby", now.minusSeconds(60));
        try (Subscriber home = new Subscriber(broker.port())) {
            Replica replica = new Replica();
            replica.until(() -> "online".equals(home.latest("facestream/status")));

            assertThat(home.below(""))
                    .containsEntry(PERSON + ADA + "/present", "OFF")
                    .containsEntry(PERSON + ADA + "/last_camera", "lobby")
                    .containsKey(CONFIG + "camera_lobby/config");
        }
    }

    @Test
    void oldNewsIsNoEventButTheStatesBecomeRight() throws Exception {
        broker.start();
        try (Subscriber home = new Subscriber(broker.port())) {
            Replica replica = new Replica();
            replica.take(
                    new TestVisit("a#0", "lobby", now.minusSeconds(150)).of(ADA, "Ada", Change.APPEARED, 2),
                    new TestVisit("b#0", "lobby", now.minusSeconds(5)).nobody(Change.APPEARED, 2));
            replica.until(() -> "ON".equals(home.latest(PERSON + ADA + "/present"))
                    && !home.of("facestream/camera/lobby/event").isEmpty());

            assertThat(home.of("facestream/camera/lobby/event"))
                    .singleElement()
                    .satisfies(event -> assertThat(event.payload()).contains("b#0"));
            assertThat(replica.count("facestream.mqtt.dropped", "why", "old")).isEqualTo(1);
        }
    }

    @Test
    void aBrokerThatForgotEverythingHasItAgainAndWhatHappenedMeanwhile() throws Exception {
        broker.start();
        Replica replica = new Replica();
        TestVisit visit = new TestVisit("a#0", "lobby", now);
        replica.take(visit.of(ADA, "Ada", Change.APPEARED, 0));
        try (Subscriber home = new Subscriber(broker.port())) {
            replica.until(() -> "ON".equals(home.latest(PERSON + ADA + "/present"))
                    && home.of("facestream/camera/lobby/event").size() == 1);
        }

        broker.stop();
        replica.take(visit.of(ADA, "Ada", Change.LEFT, 1));
        replica.take(new TestVisit("b#0", "lobby", now.plusSeconds(1)).of(BOB, "Bob", Change.APPEARED, 0));
        broker.start();

        try (Subscriber home = new Subscriber(broker.port())) {
            replica.until(() -> "online".equals(home.latest("facestream/status"))
                    && "ON".equals(home.latest(PERSON + BOB + "/present"))
                    && home.of("facestream/camera/lobby/event").size() == 2);
            assertThat(home.latest(PERSON + ADA + "/present")).isEqualTo("OFF");
            assertThat(home.below(CONFIG)).hasSize(4);
        }
    }

    @Test
    void whatTheBrokerKeptIsRightAgainAndWhatIsNotOursStays() throws Exception {
        UUID erased = new UUID(0, 0xe5a5ed);
        broker.keepingIn(folder).start();
        Replica first = new Replica();
        first.take(new TestVisit("a#0", "lobby", now).of(ADA, "Ada", Change.APPEARED, 0));
        try (Subscriber home = new Subscriber(broker.port())) {
            first.until(() -> "ON".equals(home.latest(PERSON + ADA + "/present")));
            home.publish(PERSON + erased + "/present", "ON", true);
            home.publish(CONFIG + "person_" + erased + "/config", "{\"device\":{\"name\":\"Eve\"}}", true);
            home.publish("homeassistant/device/other/person_1/config", "{}", true);
            home.publish("facestream/alerts/door", "{}", true);
        }
        first.kill();
        broker.stop();
        broker.start();

        Replica second = new Replica();
        try (Subscriber home = new Subscriber(broker.port())) {
            second.until(() -> home.latest(PERSON + erased + "/present") == null
                    && home.latest(CONFIG + "person_" + erased + "/config") == null
                    && home.latest(PERSON + ADA + "/present") == null
                    && "online".equals(home.latest("facestream/status")));

            assertThat(home.below(""))
                    .containsKeys("homeassistant/device/other/person_1/config", "facestream/alerts/door");
        }
    }

    @Test
    void whoIsRenamedIsSoAndWhoIsErasedIsGoneFromTheBroker() throws Exception {
        broker.start();
        Replica replica = new Replica();
        replica.take(
                new TestVisit("a#0", "lobby", now).of(ADA, "Ada Lovelace", Change.APPEARED, 0),
                new TestVisit("b#0", "door", now).of(BOB, "Bob", Change.APPEARED, 0));
        try (Subscriber home = new Subscriber(broker.port())) {
            replica.until(() -> "ON".equals(home.latest(PERSON + ADA + "/present"))
                    && "ON".equals(home.latest(PERSON + BOB + "/present")));

            GALLERY.execute("update facestream.identity set name = 'Robert' where id = '" + BOB + "'");
            GALLERY.query("select * from facestream.erase_person('Ada Lovelace')");
            replica.until(() -> "Robert".equals(home.latest("facestream/camera/door/who"))
                    && home.latest(PERSON + ADA + "/present") == null);

            assertThat(home.below(""))
                    .doesNotContainKey(CONFIG + "person_" + ADA + "/config")
                    .doesNotContainKey(PERSON + ADA + "/last_seen")
                    .containsEntry("facestream/camera/lobby/who", "1 unknown");
            // an event is not kept by the broker: what was heard before the erasure was said before it
            assertThat(home.below("").entrySet())
                    .noneMatch(state -> !state.getKey().endsWith("/event")
                            && (state.getValue().contains("Lovelace")
                                    || state.getValue().contains(ADA.toString())));
            assertThat(JSON.readTree(home.latest(CONFIG + "person_" + BOB + "/config"))
                            .at("/device/name")
                            .asText())
                    .isEqualTo("Robert");
            // a message of before that comes again brings nobody back
            replica.take(new TestVisit("c#0", "lobby", now).of(ADA, "Ada Lovelace", Change.APPEARED, 1));
            replica.until(() -> "2 unknown".equals(home.latest("facestream/camera/lobby/who")));
            assertThat(home.below(PERSON + ADA)).isEmpty();
        }
    }

    @Test
    void theDeathOfAReplicaLeavesNobodyOffline() throws Exception {
        broker.start();
        try (Subscriber home = new Subscriber(broker.port())) {
            Replica first = new Replica();
            first.take(new TestVisit("a#0", "lobby", now).of(ADA, "Ada", Change.APPEARED, 0));
            first.until(() -> "ON".equals(home.latest(PERSON + ADA + "/present")));

            Replica second = new Replica();
            second.take(new TestVisit("a#0", "lobby", now).of(ADA, "Ada", Change.APPEARED, 0));
            first.kill();
            second.until(() -> "online".equals(home.latest("facestream/status"))
                    && second.registry.get("facestream.mqtt.connected").gauge().value() == 1);

            // a last will that comes late, of whoever it is
            home.publish("facestream/status", "offline", true);
            second.until(() -> "online".equals(home.latest("facestream/status")));
            assertThat(home.of(PERSON + ADA + "/present").stream().map(Subscriber.Heard::payload))
                    .containsOnly("ON");

            second.work.end();
            await().atMost(PATIENCE).until(() -> "offline".equals(home.latest("facestream/status")));
        }
    }

    @Test
    void threeHundredPeopleAreThereWithinSecondsAndNamesMayBeAnything() throws Exception {
        broker.start();
        List<String> odd = List.of("+", "#", "a/b", "\ud83d\ude00", "None", "O'Hara \"x\"");
        Replica replica = new Replica();
        for (int i = 0; i < 300; i++) {
            UUID identity = new UUID(1, i);
            String name = (i < odd.size() ? odd.get(i) : "person") + (i < odd.size() ? "" : " " + i);
            person(identity, name);
            replica.take(new TestVisit("v" + i + "#0", i % 2 == 0 ? "Hall +1/#2 \ud83d\ude00" : "door", now)
                    .of(identity, name, Change.APPEARED, 0));
        }
        String hall = "facestream/camera/" + TopicLevel.of("Hall +1/#2 \ud83d\ude00") + "/";
        try (Subscriber home = new Subscriber(broker.port())) {
            long begun = System.nanoTime();
            replica.until(
                    () -> home.below(PERSON).size() == 900 && home.below(CONFIG).size() == 303);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));

            assertThat(home.latest(hall + "people")).isEqualTo("150");
            assertThat(home.latest(hall + "who").length()).isLessThanOrEqualTo(255);
            for (int i = 0; i < odd.size(); i++) {
                assertThat(JSON.readTree(home.latest(CONFIG + "person_" + new UUID(1, i) + "/config"))
                                .at("/device/name")
                                .asText())
                        .isEqualTo(odd.get(i));
            }
            for (Map.Entry<String, String> config : home.below(CONFIG).entrySet()) {
                assertThat(config.getKey()).matches("homeassistant/device/facestream/[a-zA-Z0-9_-]+/config");
                assertThat(config.getValue().getBytes(UTF_8).length).isLessThan(4_000);
            }
        }
    }
}
