package io.facestream.alerts.webhook;

import io.facestream.alerts.target.AlertTarget;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Webhooks as settings make them, in a private network. */
public final class TestWebhooks {
    private TestWebhooks() {}

    /** @param secrets a folder with a file {@code hook} */
    public static AlertTarget target(String name, String url, Path secrets, Vertx vertx) {
        WebhookConfig config = new WebhookConfig() {
            @Override
            public String url() {
                return url;
            }

            @Override
            public String secret() {
                return "hook";
            }

            @Override
            public boolean allowPrivateNetworks() {
                return true;
            }

            @Override
            public Optional<Path> authorities() {
                return Optional.empty();
            }

            @Override
            public Duration connectTimeout() {
                return Duration.ofSeconds(12);
            }

            @Override
            public Duration readTimeout() {
                return Duration.ofSeconds(12);
            }
        };
        return new WebhookTarget(name, config, Optional.of(secrets), vertx);
    }
}
