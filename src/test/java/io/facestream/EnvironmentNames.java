package io.facestream;

import io.facestream.alerts.AlertsConfig;
import io.facestream.cameras.CamerasConfig;
import io.facestream.detection.DetectionConfig;
import io.facestream.embeddings.EmbeddingConfig;
import io.facestream.enrolment.EnrolmentConfig;
import io.facestream.frames.PictureBounds;
import io.facestream.identities.MatchingConfig;
import io.facestream.messaging.TopicsConfig;
import io.facestream.sightings.SightingsConfig;
import io.facestream.training.TrainingConfig;
import io.facestream.web.WebConfig;
import io.facestream.web.oidc.OidcConfig;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * What the environment of a process of ours may name: anything else is a typing error, which no process would
 * report.
 */
public final class EnvironmentNames {
    private EnvironmentNames() {}

    /** Those of the settings, of Kafka's clients, and of what is set in the environment only. */
    public static Set<String> known() throws IOException {
        Set<String> known = new TreeSet<>(Set.of(
                "FACESTREAM_INSTANCE", // @ConfigProperty of Stages
                "FACESTREAM_JAVA_OPTS", // the launcher
                "DJL_CACHE_DIR", // DJL
                "QUARKUS_DATASOURCE_PASSWORD",
                "QUARKUS_HTTP_PROXY_PROXY_ADDRESS_FORWARDING",
                "QUARKUS_HTTP_PROXY_ALLOW_X_FORWARDED",
                "QUARKUS_OTEL_EXPORTER_OTLP_ENDPOINT"));
        application().stringPropertyNames().forEach(property -> known.add(of(property)));
        ConsumerConfig.configNames().forEach(property -> known.add(of("kafka." + property)));
        Stream.of(
                        PictureBounds.class,
                        TopicsConfig.class,
                        DetectionConfig.class,
                        EmbeddingConfig.class,
                        MatchingConfig.class,
                        SightingsConfig.class,
                        AlertsConfig.class,
                        EnrolmentConfig.class,
                        TrainingConfig.class,
                        CamerasConfig.class,
                        WebConfig.class,
                        OidcConfig.class)
                .flatMap(mapping -> ConfigMappings.getProperties(ConfigClass.configClass(mapping)).keySet().stream())
                .forEach(property -> known.add(of(property)));
        return known;
    }

    /** The service's own properties, of all roles. */
    public static Properties application() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = EnvironmentNames.class.getResourceAsStream("/application.properties")) {
            properties.load(in);
        }
        return properties;
    }

    /** The name in the environment of a property. */
    public static String of(String property) {
        return property.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }
}
