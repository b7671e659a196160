package io.facestream.alerts.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.alerts.target.Alert;
import io.facestream.alerts.target.AlertTarget;
import io.facestream.alerts.target.DeliveryException;
import io.facestream.sightings.message.Sighting;
import io.facestream.sightings.message.Sighting.Change;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MqttTargetTest {
    private static final UUID ADA = new UUID(0, 0xada);

    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MqttBroker broker = new Moquette();
    private AlertTarget target;

    @AfterEach
    void end() {
        if (target != null) {
            target.close();
        }
        vertx.close();
        broker.close();
    }

    private AlertTarget target() {
        target = new MqttTargets("replica-0", null, null, registry, vertx, reader -> {})
                .start(
                        "home",
                        TestMqttConfig.of(broker.address(), "home-assistant", "false"),
                        Duration.ofMinutes(2),
                        Optional.empty());
        return target;
    }

    private static Alert alert(String rule) {
        Sighting visit = new TestVisit("a#0", "lobby", Instant.now()).of(ADA, "Ada \ud83d\ude00", Change.APPEARED, 1);
        return new Alert(
                Alert.SCHEMA_VERSION,
                "key-1",
                rule,
                "home",
                visit.source(),
                visit.sightingId(),
                1,
                visit.change(),
                visit.camera(),
                visit.firstSeen(),
                visit.lastSeen(),
                visit.firstAppendedAt(),
                visit.lastAppendedAt(),
                visit.frames(),
                visit.subject(),
                null,
                visit.best());
    }

    @Test
    void anAlertIsPublishedUnderItsRuleAndIsNotRetained() throws Exception {
        broker.start();
        try (Subscriber other = new Subscriber(broker.port())) {
            target().deliver(alert("night-door"), Duration.ofSeconds(1), 1);
            target.deliver(alert("night-door"), Duration.ofSeconds(1), 2);

            await().atMost(Duration.ofMinutes(1))
                    .until(() -> other.of("facestream/alerts/night-door").size() == 2);
            var json = new ObjectMapper()
                    .readTree(other.of("facestream/alerts/night-door").get(0).payload());
            assertThat(json.at("/alertId").asText()).isEqualTo("key-1");
            assertThat(json.at("/subject/name").asText()).isEqualTo("Ada \ud83d\ude00");
            assertThat(registry.get("facestream.mqtt.published")
                            .tag("kind", "alert")
                            .counter()
                            .count())
                    .isEqualTo(2);
        }
        try (Subscriber late = new Subscriber(broker.port())) {
            assertThat(late.below("facestream/alerts")).isEmpty();
        }
    }

    @Test
    void aBrokerThatIsAwayIsAFailureThatIsTriedAgain() throws Exception {
        long begun = System.nanoTime();

        assertThatThrownBy(() -> target().deliver(alert("night"), Duration.ZERO, 1))
                .isInstanceOfSatisfying(DeliveryException.class, failure -> assertThat(failure.isRetryable())
                        .isTrue())
                .hasMessageContaining("there is no connection to " + broker.address());
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(AlertTarget.LONGEST_DELIVERY);

        broker.start();
        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .untilAsserted(() -> target.deliver(alert("night"), Duration.ZERO, 2));
    }
}
