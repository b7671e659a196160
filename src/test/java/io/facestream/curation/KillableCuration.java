package io.facestream.curation;

import io.facestream.embeddings.EmbeddingConfig;
import io.facestream.enrolment.EnrolmentConfig;
import io.facestream.gallery.strangers.StrangersConfig;
import io.facestream.messaging.KafkaConnection;
import io.facestream.messaging.TestTopicsConfig;
import io.facestream.stages.Stages;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import jakarta.enterprise.inject.Instance;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** The role {@code curation} as a process of its own, to be killed. */
final class KillableCuration {
    /** Held, since a logger that nobody holds forgets its level. Each fault would fill the output that nobody reads. */
    private static final Logger ALL = Logger.getLogger("");

    private KillableCuration() {}

    /**
     * @param arguments the broker, and the database's URL, user and password; it prints {@code started} then, and ends
     *     when its input does
     */
    public static void main(String[] arguments) throws Exception {
        ALL.setLevel(Level.OFF);
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(CurationConfig.class)
                .withMapping(NegativesConfig.class)
                .withMapping(EmbeddingConfig.class)
                .withMapping(EnrolmentConfig.class)
                .withMapping(StrangersConfig.class)
                .withDefaultValue("facestream.curation.enabled", "true")
                .withDefaultValue("facestream.curation.lease", "PT5S")
                .withDefaultValue("facestream.strangers.keep", "P30D")
                .withDefaultValue("kafka.bootstrap.servers", arguments[0])
                .build();
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(arguments[1]);
        database.setUser(arguments[2]);
        database.setPassword(arguments[3]);
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        new CurationStage(
                        new Stages(
                                KafkaConnection.to(arguments[0]),
                                new TestTopicsConfig(1, true),
                                "replica-0",
                                metrics,
                                OpenTelemetry.noop().getTracer("test")),
                        always(database),
                        config.getConfigMapping(CurationConfig.class),
                        config.getConfigMapping(NegativesConfig.class),
                        config.getConfigMapping(EmbeddingConfig.class),
                        config.getConfigMapping(EnrolmentConfig.class),
                        config.getConfigMapping(StrangersConfig.class),
                        metrics,
                        config)
                .start(null);
        System.out.println("started");
        if (System.in.read() < 0) {
            Runtime.getRuntime().halt(0);
        }
    }

    @SuppressWarnings("unchecked")
    private static Instance<DataSource> always(DataSource database) {
        return (Instance<DataSource>) Proxy.newProxyInstance(
                KillableCuration.class.getClassLoader(),
                new Class<?>[] {Instance.class},
                (proxy, method, arguments) -> database);
    }
}
