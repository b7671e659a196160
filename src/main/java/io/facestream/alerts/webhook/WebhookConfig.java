package io.facestream.alerts.webhook;

import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** An HTTP server that takes alerts. */
public interface WebhookConfig {
    /** Where alerts are posted to: https, or http in a private network. */
    String url();

    /**
     * Signs each alert: the plain name of a file in {@code facestream.alerts.secrets}, whose lines are one secret, or
     * two while it is being replaced.
     */
    String secret();

    /** Whether the server may be in a private network, or on this machine. */
    @WithDefault("false")
    boolean allowPrivateNetworks();

    /** Certificates of the authorities that the server's is checked by, as PEM; default: those of Java. */
    Optional<Path> authorities();

    /** How long looking up the host may take, and a connection to one of its addresses; two are tried. */
    @WithDefault("PT3S")
    @DurationMin(millis = 100, message = "must be 100 ms or longer")
    @DurationMax(seconds = 5, message = "must be 5 s or shorter")
    Duration connectTimeout();

    /** How long the answer may take after that. */
    @WithDefault("PT10S")
    @DurationMin(millis = 100, message = "must be 100 ms or longer")
    @DurationMax(seconds = 15, message = "must be 15 s or shorter")
    Duration readTimeout();
}
