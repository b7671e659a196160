package io.facestream;

import io.facestream.alerts.AlertReceiver;
import io.facestream.embedded.TestServices;
import io.facestream.gallery.GallerySchema;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Every role in one process, on the tests' broker and database. */
public final class AllRoles implements QuarkusTestProfile {
    @Override
    public String getConfigProfile() {
        return "test,detection,embedding,matching,sightings,alerts,enrolment,curation,training,cameras,web";
    }

    @Override
    public List<TestResourceEntry> testResources() {
        return List.of(new TestResourceEntry(Services.class));
    }

    /** The same where a field is made of it. */
    static DataSource database() {
        try {
            return migratedDatabase();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Runs a statement. */
    static void execute(DataSource database, String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The tests' database, migrated. */
    static PGSimpleDataSource migratedDatabase() throws SQLException {
        TestServices.Postgres postgres = TestServices.postgres();
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(postgres.jdbcUrl());
        database.setUser(postgres.userName());
        database.setPassword(postgres.password());
        GallerySchema.migrate(database);
        return database;
    }

    /** Tells the application where broker and database are. */
    public static final class Services implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            try {
                migratedDatabase();
            } catch (SQLException e) {
                throw new IllegalStateException("the tests' database cannot be migrated", e);
            }
            TestServices.Postgres postgres = TestServices.postgres();
            AlertReceiver receiver = new AlertReceiver();
            return Map.ofEntries(
                    Map.entry("kafka.bootstrap.servers", TestServices.kafka().bootstrapServers()),
                    Map.entry("quarkus.datasource.jdbc.url", postgres.jdbcUrl()),
                    Map.entry("quarkus.datasource.username", postgres.userName()),
                    Map.entry("quarkus.datasource.password", postgres.password()),
                    Map.entry("facestream.instance", "test"),
                    Map.entry("facestream.detection.liveness.enabled", "true"),
                    Map.entry("facestream.alerts.secrets", "src/test/resources/alerts/secrets"),
                    Map.entry("facestream.alerts.targets.test.webhook.url", receiver.url("/alerts")),
                    Map.entry("facestream.alerts.targets.test.webhook.secret", "test"),
                    Map.entry("facestream.alerts.targets.test.webhook.allow-private-networks", "true"),
                    // nobody listens at port 1
                    Map.entry("facestream.alerts.targets.home.mqtt.broker", "mqtt://127.0.0.1:1"),
                    Map.entry("facestream.alerts.rules.test.who", "anybody"),
                    Map.entry("facestream.alerts.rules.test.target", "test"),
                    Map.entry("quarkus.otel.sdk.disabled", "false"),
                    Map.entry("quarkus.otel.traces.sampler.arg", "1"),
                    Map.entry("quarkus.otel.bsp.schedule.delay", "100MS"));
        }

        @Override
        public void stop() {
            // They belong to all tests of this JVM, and end with it.
        }
    }
}
