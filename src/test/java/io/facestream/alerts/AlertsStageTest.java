package io.facestream.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.alerts.outbox.AlertRules;
import io.facestream.alerts.rules.Person;
import io.facestream.alerts.rules.Rule;
import io.facestream.sightings.message.Sighting;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Settings become rules, or are refused in one line. */
class AlertsStageTest {
    private static final Map<String, String> GOOD = Map.of(
            "facestream.alerts.rules.night.who", "Ada Lovelace,unknown",
            "facestream.alerts.rules.night.when", "mon-fri 22:00-06:00,sat sun",
            "facestream.alerts.rules.night.target", "phone,archive",
            "facestream.alerts.targets.phone.webhook.url", "https://push.example/",
            "facestream.alerts.targets.phone.webhook.secret", "phone",
            "facestream.alerts.targets.archive.webhook.url", "https://archive.example/",
            "facestream.alerts.targets.archive.webhook.secret", "archive",
            "facestream.alerts.targets.archive.max-age", "P1D");

    private static AlertsConfig config(String... changes) {
        Map<String, String> all = new HashMap<>(GOOD);
        for (int i = 0; i < changes.length; i += 2) {
            all.put("facestream.alerts." + changes[i], changes[i + 1]);
        }
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(AlertsConfig.class)
                .withSources(new PropertiesConfigSource(all, "test", 100))
                .build()
                .getConfigMapping(AlertsConfig.class);
    }

    @Test
    void settingsBecomeRulesAndEachTargetHasItsMaxAge() {
        AlertRules rules = AlertsStage.rules(config());

        assertThat(rules.maxAge()).isEqualTo(Map.of("phone", Duration.ofMinutes(2), "archive", Duration.ofDays(1)));
        assertThat(rules.settle()).isEqualTo(Duration.ofSeconds(3));
        assertThat(rules.rules()).hasSize(1).allSatisfy(rule -> {
            assertThat(rule.name()).isEqualTo("night");
            assertThat(rule.targets()).containsExactly("phone", "archive");
            assertThat(rule.coolDown()).isZero();
        });
    }

    @Test
    void whatContradictsItselfOrIsMisspeltIsRefusedInOneLineThatNamesTheSetting() {
        refused("facestream.alerts.rules.night.target=fone is not one of the targets", "rules.night.target", "fone");
        refused("facestream.alerts.rules.night.when, span 1: it is such as", "rules.night.when", "ever");
        refused("longer than facestream.alerts.keep=PT168H", "targets.archive.max-age", "P8D");
        refused("facestream.alerts.settle=PT3S is no shorter", "targets.phone.max-age", "PT2S");
        refused(
                "facestream.alerts.targets.The Phone: a name is",
                "targets.\"The Phone\".webhook.url",
                "https://x/",
                "targets.\"The Phone\".webhook.secret",
                "s");
        refused("facestream.alerts.rules.night.whoo", "rules.night.whoo", "Ada");
        refused("facestream.alerts.rules.day.who", "rules.day.target", "phone");
        refused("facestream.alerts.targets.x.webhook.secret", "targets.x.webhook.url", "https://x/");
    }

    @Test
    void aNameWithACommaIsOneNameIfTheCommaIsEscaped() {
        Rule rule = AlertsStage.rules(config("rules.night.who", "Lovelace\\, Ada,Bob"))
                .rules()
                .get(0);

        // a Saturday, which the rule is about
        Sighting message = Visits.message(
                "door", "a#0", 1, Sighting.Change.APPEARED, new UUID(0, 1), Instant.parse("2026-11-28T12:00:00Z"));
        assertThat(rule.appliesTo(message, person("Lovelace, Ada"))).isTrue();
        assertThat(rule.appliesTo(message, person("Bob"))).isTrue();
        assertThat(rule.appliesTo(message, person("Lovelace"))).isFalse();
    }

    private static Person person(String name) {
        return new Person(new UUID(0, 1), name, Set.of(), false, Set.of());
    }

    private static void refused(String why, String... changes) {
        assertThatThrownBy(() -> AlertsStage.rules(config(changes))).hasMessageContaining(why);
    }

    @Test
    void aTargetWithoutAKindIsRefused() {
        AlertsConfig config = config("targets.x.attempts", "3");

        assertThatThrownBy(() -> new Targets("test", Optional.empty(), null, null)
                        .make("x", config.targets().get("x"), config.maxAge()))
                .hasMessage("facestream.alerts.targets.x has no kind: set its webhook.url or its mqtt.broker");
    }

    @Test
    void aTargetOfTwoKindsIsRefused() {
        AlertsConfig config = config(
                "targets.x.webhook.url",
                "https://push.example",
                "targets.x.webhook.secret",
                "x",
                "targets.x.mqtt.broker",
                "mqtt://broker.example");

        assertThatThrownBy(() -> new Targets("test", Optional.empty(), null, null)
                        .make("x", config.targets().get("x"), config.maxAge()))
                .hasMessage("facestream.alerts.targets.x has two kinds: set webhook.url or mqtt.broker, not both");
    }
}
