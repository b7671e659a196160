package io.facestream.alerts.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.alerts.Visits;
import io.facestream.alerts.delivery.AlertMetrics;
import io.facestream.alerts.delivery.Deliveries;
import io.facestream.alerts.delivery.DeliverySettings;
import io.facestream.alerts.outbox.AlertRules;
import io.facestream.alerts.outbox.AlertStore;
import io.facestream.alerts.outbox.Outbox;
import io.facestream.alerts.outbox.PublishedSettings;
import io.facestream.database.Sql;
import io.facestream.gallery.TestGallery;
import io.facestream.sightings.message.Sighting;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A rule that a command makes while the role runs, as a subscriber of a broker of MQTT sees it. */
class MqttAlertRuleTest {
    private static final TestGallery GALLERY = TestGallery.of(MqttAlertRuleTest.class);
    private static final UUID ADA = new UUID(0, 0xada);
    private static final Duration MAX_AGE = Duration.ofMinutes(2);

    private final Vertx vertx = Vertx.vertx();
    private final MqttBroker broker = new Moquette();

    @AfterEach
    void end() {
        vertx.close();
        broker.close();
    }

    @Test
    void aRuleIsDeliveredWithoutARestart() throws Exception {
        GALLERY.renew();
        GALLERY.execute("insert into facestream.identity (id, kind, name) values ('" + ADA + "', 'person', 'Ada')");
        broker.start();
        var login = GALLERY.as("facestream_alerts");
        var registry = new SimpleMeterRegistry();
        new PublishedSettings(login).publish(List.of(), List.of("home"), Duration.ofDays(7));
        AlertStore store = new AlertStore(login, new AlertRules(List.of(), Duration.ZERO, Map.of("home", MAX_AGE)));
        try (Subscriber home = new Subscriber(broker.port());
                Deliveries deliveries = new Deliveries(
                        new Outbox(login), new AlertMetrics(registry, List.of("home")), Duration.ofDays(7))) {
            deliveries.add(
                    "home",
                    new MqttTargets("replica-0", null, null, registry, vertx, reader -> {})
                            .start(
                                    "home",
                                    TestMqttConfig.of(broker.address(), "home-assistant", "false"),
                                    MAX_AGE,
                                    Optional.empty()),
                    new DeliverySettings(MAX_AGE, 20, 100));
            deliveries.start();

            Sql.on(
                    GALLERY.as("facestream_curation"),
                    sql -> sql.execute(
                            "select facestream.put_alert_rule('ada', array['Ada'], false, false, false, '{}',"
                                    + " '{door}', '{}', 'UTC', interval '0', '{home}')"));
            store.store(List.of(Visits.message("door", "a#0", 1, Sighting.Change.APPEARED, ADA, Instant.now())));

            await().atMost(Duration.ofSeconds(60))
                    .until(() -> home.of("facestream/alerts/ada").size() == 1);
            assertThat(new ObjectMapper()
                            .readTree(home.of("facestream/alerts/ada").get(0).payload())
                            .at("/subject/name")
                            .asText())
                    .isEqualTo("Ada");
        }
    }
}
