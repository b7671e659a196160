package io.facestream.configuration;

import io.facestream.alerts.AlertsConfig;
import io.facestream.cameras.CamerasConfig;
import io.facestream.curation.CurationConfig;
import io.facestream.curation.NegativesConfig;
import io.facestream.detection.DetectionConfig;
import io.facestream.embedded.EmbeddedHome;
import io.facestream.embedded.Endpoints;
import io.facestream.embeddings.EmbeddingConfig;
import io.facestream.enrolment.EnrolmentConfig;
import io.facestream.frames.PictureBounds;
import io.facestream.gallery.strangers.StrangersConfig;
import io.facestream.identities.MatchingConfig;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.TopicsConfig;
import io.facestream.sightings.SightingsConfig;
import io.facestream.training.TrainingConfig;
import io.facestream.web.WebConfig;
import io.facestream.web.oidc.OidcConfig;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.PropertiesConfigSourceLoader;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.validator.BeanValidationConfigValidator;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The configuration of a client command. It is the service's own (system properties, environment,
 * {@code config/application.properties}, {@code application.properties}). If none of these names a broker and a
 * database, it uses those of this clone's embedded default while that runs.
 */
public final class Settings {
    /** The user's file, in the folder that the process was started from; the service reads it there too. */
    private static final Path USERS_FILE = Path.of("config/application.properties");

    // Quarkus's own ordinals. The environment has 300, system properties have 400.
    private static final int APPLICATION_ORDINAL = 250;
    private static final int USERS_FILE_ORDINAL = 260;

    /** Anything that the user sets wins over an embedded default that happens to run. */
    private static final int ENDPOINTS_ORDINAL = 255;

    private static final String BROKERS = "kafka.bootstrap.servers";
    private static final String DATABASE = "quarkus.datasource.jdbc.url";

    private static final int LOGIN_SECONDS = 10;

    private static final String DRIVER_PROPERTIES = "quarkus.datasource.jdbc.additional-jdbc-properties.";
    private static final Map<String, Object> PATIENCE =
            Map.of("request.timeout.ms", "10000", "default.api.timeout.ms", "15000");
    private static final Map<String, Object> IMPATIENCE =
            Map.of("request.timeout.ms", "1000", "default.api.timeout.ms", "1500", "max.block.ms", "1500");

    /** Every mapping of the service; {@code SettingNamesTest} checks that the list is complete. */
    public static final List<Class<?>> MAPPINGS = List.of(
            DetectionConfig.class,
            PictureBounds.class,
            EnrolmentConfig.class,
            EmbeddingConfig.class,
            MatchingConfig.class,
            StrangersConfig.class,
            SightingsConfig.class,
            AlertsConfig.class,
            TopicsConfig.class,
            CurationConfig.class,
            NegativesConfig.class,
            TrainingConfig.class,
            CamerasConfig.class,
            WebConfig.class,
            OidcConfig.class);

    private static final SettingNames NAMES = new SettingNames(MAPPINGS);

    /** Checks the ranges that the mappings declare. It is created once because every setting uses it. */
    private static final Validator RANGES = Validation.byDefaultProvider()
            .configure()
            .messageInterpolator(new ParameterMessageInterpolator())
            .buildValidatorFactory()
            .getValidator();

    private final SmallRyeConfig config;
    private final Optional<Endpoints> embedded;

    private Settings(SmallRyeConfig config, Optional<Endpoints> embedded) {
        this.config = config;
        this.embedded = embedded;
    }

    public static Settings load() {
        return load(List.of());
    }

    /** The configuration of a service with these roles, including what is set for the roles' profiles. */
    public static Settings load(Collection<Role> roles) {
        return load(USERS_FILE, EmbeddedHome.locate().endpoints(), roles);
    }

    public static Settings load(Path usersFile, Optional<Endpoints> embedded, Collection<Role> roles) {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDefaultSources()
                .addDiscoveredSecretKeysHandlers()
                .addDiscoveredConverters() // Quarkus's own: durations are 2s or PT2S, as in the service
                .withValidator((BeanValidationConfigValidator) () -> RANGES);
        MAPPINGS.forEach(builder::withMapping);
        if (!roles.isEmpty()) {
            builder.withProfile(Role.profile(roles));
        }
        builder.withSources(PropertiesConfigSourceLoader.inClassPath(
                "application.properties", APPLICATION_ORDINAL, Settings.class.getClassLoader()));
        builder.withSources(PropertiesConfigSourceLoader.inFileSystem(
                usersFile.toUri().toString(), USERS_FILE_ORDINAL, Settings.class.getClassLoader()));
        embedded.ifPresent(endpoints -> builder.withSources(
                new PropertiesConfigSource(properties(endpoints), "embedded default", ENDPOINTS_ORDINAL)));
        NAMES.checkEnvironment(System.getenv().keySet());
        NAMES.checkProperties("a system property", System.getProperties().stringPropertyNames());
        SmallRyeConfig config = builder.build();
        for (ConfigSource source : config.getConfigSources()) {
            if (source.getOrdinal() == USERS_FILE_ORDINAL) {
                NAMES.checkProperties(usersFile.toString(), source.getPropertyNames());
            }
        }
        return new Settings(config, embedded);
    }

    /** An embedded default's endpoints as the properties that the service reads. */
    public static Map<String, String> properties(Endpoints endpoints) {
        return Map.of(
                BROKERS,
                endpoints.kafkaBootstrapServers(),
                DATABASE,
                endpoints.jdbcUrl(),
                "quarkus.datasource.username",
                endpoints.userName(),
                "quarkus.datasource.password",
                endpoints.password());
    }

    /**
     * Where this clone's embedded default has broker and database, as the properties that the service reads. Empty if
     * it does not run, or a setting names a broker or a database.
     */
    public Map<String, String> ofEmbeddedDefault() {
        boolean isUsed = Stream.of(BROKERS, DATABASE)
                .allMatch(name -> config.getConfigValue(name).getConfigSourceOrdinal() == ENDPOINTS_ORDINAL);
        return isUsed ? embedded.map(Settings::properties).orElseThrow() : Map.of();
    }

    /**
     * The brokers, with shorter timeouts than the service's because a person is waiting, and the shortest if no broker
     * answers.
     */
    public KafkaConnection kafka() {
        Map<String, Object> properties = new HashMap<>(findsNoService() ? IMPATIENCE : PATIENCE);
        properties.putAll(KafkaConnection.from(config).properties());
        return new KafkaConnection(properties);
    }

    /**
     * Whether no setting names a broker or a database, this clone's embedded default does not run, and no broker
     * listens at the default address.
     */
    public boolean findsNoService() {
        return isUnnamed(BROKERS)
                && isUnnamed(DATABASE)
                && BrokerAddresses.areSilent(config.getValue(BROKERS, String.class));
    }

    private boolean isUnnamed(String name) {
        return config.getConfigValue(name).getConfigSourceOrdinal() == APPLICATION_ORDINAL;
    }

    /** Single settings, for those without a mapping. */
    public Config config() {
        return config;
    }

    public <T> T get(Class<T> mapping) {
        return config.getConfigMapping(mapping);
    }

    /** The database for work of any length: waits for an answer as long as the server is alive. */
    public DataSource patientDatabase() {
        PGSimpleDataSource source = database();
        source.setSocketTimeout(0);
        source.setTcpKeepAlive(true);
        return source;
    }

    /** The database; each call of {@link DataSource#getConnection()} opens a new connection. */
    public PGSimpleDataSource database() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(config.getValue(DATABASE, String.class));
        source.setUser(config.getValue("quarkus.datasource.username", String.class));
        source.setPassword(config.getOptionalValue("quarkus.datasource.password", String.class)
                .orElse(null));
        source.setLoginTimeout(LOGIN_SECONDS);
        source.setApplicationName("facestream, " + System.getProperty("user.name")); // the audit trail names it
        for (String name : config.getPropertyNames()) {
            if (name.startsWith(DRIVER_PROPERTIES)) {
                setDriverProperty(
                        source, name.substring(DRIVER_PROPERTIES.length()), config.getValue(name, String.class));
            }
        }
        return source;
    }

    private static void setDriverProperty(PGSimpleDataSource source, String name, String value) {
        try {
            source.setProperty(name, value);
        } catch (SQLException e) {
            throw new IllegalArgumentException(
                    DRIVER_PROPERTIES + name + " is not a property of PostgreSQL's JDBC driver", e);
        }
    }
}
