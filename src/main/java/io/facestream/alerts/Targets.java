package io.facestream.alerts;

import io.facestream.alerts.AlertsConfig.TargetConfig;
import io.facestream.alerts.target.AlertTarget;
import io.facestream.alerts.webhook.WebhookTarget;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Makes targets of their settings. A new kind is an optional group in {@link TargetConfig}, and a line here.
 *
 * @param instance this replica's name
 * @param secrets the folder of secrets
 */
record Targets(String instance, Optional<Path> secrets, Vertx vertx) {
    /** @throws IllegalArgumentException in one line, if the settings are wrong */
    AlertTarget make(String name, TargetConfig config) {
        return config.webhook()
                .<AlertTarget>map(webhook -> new WebhookTarget(name, webhook, secrets, vertx))
                .orElseThrow(() -> new IllegalArgumentException(
                        "facestream.alerts.targets." + name + " has no kind: set its webhook.url"));
    }
}
