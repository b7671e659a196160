package io.facestream.alerts;

import io.facestream.alerts.AlertsConfig.TargetConfig;
import io.facestream.alerts.mqtt.MqttTargets;
import io.facestream.alerts.target.AlertTarget;
import io.facestream.alerts.webhook.WebhookTarget;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Makes targets of their settings. A new kind is an optional group in {@link TargetConfig}, and a line here.
 *
 * @param instance this replica's name
 * @param secrets the folder of secrets
 * @param mqtt makes those that are brokers of MQTT
 */
record Targets(String instance, Optional<Path> secrets, Vertx vertx, MqttTargets mqtt) {
    /**
     * Makes a target.
     *
     * @param maxAge what is older is no news any more
     * @throws IllegalArgumentException in one line, if the settings are wrong
     */
    AlertTarget make(String name, TargetConfig config, Duration maxAge) {
        String setting = "facestream.alerts.targets." + name;
        if (config.webhook().isPresent() && config.mqtt().isPresent()) {
            throw new IllegalArgumentException(setting + " has two kinds: set webhook.url or mqtt.broker, not both");
        }
        return config.webhook()
                .<AlertTarget>map(webhook -> new WebhookTarget(name, webhook, secrets, vertx))
                .or(() -> config.mqtt().map(broker -> mqtt.start(name, broker, maxAge, secrets)))
                .orElseThrow(() ->
                        new IllegalArgumentException(setting + " has no kind: set its webhook.url or its mqtt.broker"));
    }
}
