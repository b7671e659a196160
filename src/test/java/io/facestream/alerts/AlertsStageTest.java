package io.facestream.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.alerts.outbox.AlertRules;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
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
        refused("facestream.alerts.rules.night.when has \"ever\"", "rules.night.when", "ever");
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

    private static void refused(String why, String... changes) {
        assertThatThrownBy(() -> AlertsStage.rules(config(changes))).hasMessageContaining(why);
    }

    @Test
    void aTargetWithoutAKindIsRefused() {
        AlertsConfig config = config("targets.x.attempts", "3");

        assertThatThrownBy(() -> new Targets("test", Optional.empty(), null)
                        .make("x", config.targets().get("x")))
                .hasMessage("facestream.alerts.targets.x has no kind: set its webhook.url");
    }

    @Test
    void theProgressOfAReplicaIsThatOfThePartitionsItHas() {
        ChannelProgress progress = new ChannelProgress();
        TopicPartition first = new TopicPartition("sightings", 0);
        TopicPartition second = new TopicPartition("sightings", 1);
        AtomicLong position = new AtomicLong(5);
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest") {
            @Override
            public synchronized long position(TopicPartition partition) {
                return position.getAndIncrement();
            }
        };

        progress.onPartitionsAssigned(consumer, List.of(first, second));
        assertThat(progress.done()).isEqualTo(Map.of(first, 5L, second, 6L));

        progress.stored(batch(first, 9));
        progress.onPartitionsRevoked(consumer, List.of(second));
        progress.stored(batch(second, 20));
        assertThat(progress.done()).isEqualTo(Map.of(first, 10L));
        progress.onPartitionsLost(consumer, List.of(first));
        assertThat(progress.done()).isEmpty();
    }

    private static ConsumerRecords<byte[], byte[]> batch(TopicPartition partition, long offset) {
        return new ConsumerRecords<>(
                Map.of(
                        partition,
                        List.of(new ConsumerRecord<>(
                                partition.topic(), partition.partition(), offset, new byte[0], new byte[0]))),
                Map.of());
    }
}
