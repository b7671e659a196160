package io.facestream.cli;

import io.facestream.embedded.EmbeddedHome;
import io.facestream.embedded.Endpoints;
import io.facestream.faces.DetectionConfig;
import io.facestream.frames.PictureBounds;
import io.facestream.gallery.EnrolmentConfig;
import io.facestream.identities.MatchingConfig;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.TopicsConfig;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.PropertiesConfigSourceLoader;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The configuration of a command that is a client: the service's own (system properties, environment, {@code
 * application.properties}), and, where broker and database are named nowhere, those of this clone's embedded default while
 * it runs.
 */
final class Settings {
    private static final int APPLICATION_ORDINAL = 250;

    /** Above {@code application.properties} (250), below the environment (300). */
    private static final int ENDPOINTS_ORDINAL = 275;

    private static final int LOGIN_SECONDS = 10;
    private static final Map<String, Object> PATIENCE =
            Map.of("request.timeout.ms", "10000", "default.api.timeout.ms", "15000");

    private final SmallRyeConfig config;

    private Settings(SmallRyeConfig config) {
        this.config = config;
    }

    static Settings load() {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDefaultSources()
                .withMapping(DetectionConfig.class)
                .withMapping(PictureBounds.class)
                .withMapping(EnrolmentConfig.class)
                .withMapping(MatchingConfig.class)
                .withMapping(TopicsConfig.class)
                .withValidateUnknown(false);
        builder.withSources(PropertiesConfigSourceLoader.inClassPath(
                "application.properties", APPLICATION_ORDINAL, Settings.class.getClassLoader()));
        EmbeddedHome.locate()
                .endpoints()
                .ifPresent(endpoints -> builder.withSources(
                        new PropertiesConfigSource(properties(endpoints), "embedded default", ENDPOINTS_ORDINAL)));
        return new Settings(builder.build());
    }

    /** An embedded default's endpoints as the properties that the service reads. */
    static Map<String, String> properties(Endpoints endpoints) {
        return Map.of(
                "kafka.bootstrap.servers", endpoints.kafkaBootstrapServers(),
                "quarkus.datasource.jdbc.url", endpoints.jdbcUrl(),
                "quarkus.datasource.username", endpoints.userName(),
                "quarkus.datasource.password", endpoints.password());
    }

    /** The brokers, given up on sooner than by the service: a person is waiting. */
    KafkaConnection kafka() {
        Map<String, Object> properties = new HashMap<>(PATIENCE);
        properties.putAll(KafkaConnection.from(config).properties());
        return new KafkaConnection(properties);
    }

    <T> T get(Class<T> mapping) {
        return config.getConfigMapping(mapping);
    }

    /** The database, a new connection at each call of {@link DataSource#getConnection()}. */
    DataSource database() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(config.getValue("quarkus.datasource.jdbc.url", String.class));
        source.setUser(config.getValue("quarkus.datasource.username", String.class));
        source.setPassword(config.getOptionalValue("quarkus.datasource.password", String.class)
                .orElse(null));
        source.setLoginTimeout(LOGIN_SECONDS);
        return source;
    }
}
