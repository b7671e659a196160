package io.facestream.alerts;

import io.facestream.alerts.mqtt.MqttConfig;
import io.facestream.alerts.rules.RuleConfig;
import io.facestream.alerts.webhook.WebhookConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** Who is told of which visits, and how. */
@ConfigMapping(prefix = "facestream.alerts")
public interface AlertsConfig {
    /** Whether this process runs the role. The profile of the role switches it on. */
    @WithDefault("false")
    boolean enabled();

    /** The rules, by name: lower-case letters, digits and hyphens. */
    Map<String, RuleConfig> rules();

    /** The targets, by name: lower-case letters, digits and hyphens. */
    Map<String, TargetConfig> targets();

    /** The folder of the targets' secrets. If absent, there are none. */
    Optional<Path> secrets();

    /**
     * An alert whose news is older than this is not sent, by the broker's append time: what a door opens for must not
     * open it an hour later, after an outage.
     */
    @WithDefault("PT2M")
    @DurationMin(seconds = 1, message = "must be 1 s or longer")
    @DurationMax(days = 400, message = "must be 400 days or shorter")
    Duration maxAge();

    /**
     * How long an alert for somebody unknown waits for a name. A name takes {@code facestream.sightings.name-span},
     * 0.6 s, from the first good face; 3 s leave time to turn round.
     */
    @WithDefault("PT3S")
    @DurationMin(seconds = 0, message = "must be 0 s or longer")
    @DurationMax(hours = 1, message = "must be 1 hour or shorter")
    Duration settle();

    /** How long alerts stay in the outbox when all is done. A visit alerts once, and a cool-down counts, so long. */
    @WithDefault("P7D")
    @DurationMin(hours = 1, message = "must be 1 hour or longer")
    @DurationMax(days = 400, message = "must be 400 days or shorter")
    Duration keep();

    /** A target is of one kind: the one whose settings are there. */
    interface TargetConfig {
        /** An HTTP server. */
        Optional<WebhookConfig> webhook();

        /** A broker of MQTT, and Home Assistant behind it. */
        Optional<MqttConfig> mqtt();

        /** Default: {@code facestream.alerts.max-age}. */
        Optional<@DurationMin(seconds = 1, message = "must be 1 s or longer") Duration> maxAge();

        /**
         * Tries of an alert. With pauses of 1 s that double up to 5 minutes, 20 take an hour; most alerts are older
         * than their {@code max-age} before.
         */
        @WithDefault("20")
        @Min(1)
        @Max(10_000)
        int attempts();

        /** Alerts that wait for the target at most; beyond, the oldest are dropped. */
        @WithDefault("1000")
        @Min(1)
        @Max(1_000_000)
        int mostWaiting();
    }
}
