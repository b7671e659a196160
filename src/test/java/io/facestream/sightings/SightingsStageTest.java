package io.facestream.sightings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.gallery.strangers.StrangersConfig;
import io.facestream.sightings.visits.StrangerRules;
import io.facestream.sightings.visits.VisitRules;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SightingsStageTest {
    private static SightingsConfig config(String... settings) {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder().withMapping(SightingsConfig.class);
        for (int i = 0; i < settings.length; i += 2) {
            builder.withDefaultValue("facestream.sightings." + settings[i], settings[i + 1]);
        }
        return builder.build().getConfigMapping(SightingsConfig.class);
    }

    private static StrangersConfig strangers(String keep) {
        return new SmallRyeConfigBuilder()
                .withMapping(StrangersConfig.class)
                .withDefaultValue("facestream.strangers.keep", keep)
                .build()
                .getConfigMapping(StrangersConfig.class);
    }

    @Test
    void theDefaultsAreThoseOfTheContract() {
        VisitRules rules = SightingsStage.rules(config(), strangers("none"));

        assertThat(rules.absence()).isEqualTo(Duration.ofSeconds(5));
        assertThat(rules.rejoin()).isEqualTo(Duration.ofSeconds(30));
        assertThat(rules.updateInterval()).isEqualTo(Duration.ofMinutes(5));
        assertThat(rules.votes().confirm()).isEqualTo(2);
        assertThat(rules.votes().nameSpan()).isEqualTo(Duration.ofMillis(600));
        assertThat(rules.strangers()).isEmpty();
    }

    @Test
    void strangersAreKeptWhereADurationIsSet() {
        assertThat(SightingsStage.rules(config(), strangers("P30D")).strangers())
                .contains(new StrangerRules(5, 40, 20));
    }

    @Test
    void aRejoinThatIsShorterThanTheAbsenceIsRefused() {
        assertThatThrownBy(() -> SightingsStage.rules(config("absence", "PT10S", "rejoin", "PT9S"), strangers("none")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "facestream.sightings.rejoin=PT9S is shorter than facestream.sightings.absence=PT10S: make it"
                                + " at least as long");
    }
}
