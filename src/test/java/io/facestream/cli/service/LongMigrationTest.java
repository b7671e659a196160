package io.facestream.cli.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.cli.CommandRun;
import io.facestream.configuration.Settings;
import io.facestream.gallery.TestGallery;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** A migration that takes longer than the service waits for an answer. */
class LongMigrationTest {
    private static final TestGallery GALLERY = TestGallery.of(LongMigrationTest.class);
    private static final long STATEMENT_SECONDS = 3;

    private final Map<String, String> settings = new HashMap<>(GALLERY.asProperties());

    @Test
    void itIsWaitedForToItsEnd() throws Exception {
        settings.put("quarkus.datasource.jdbc.additional-jdbc-properties.socketTimeout", "1");
        try (var ignored = new CommandRun.Properties(settings)) {
            assertThat(CommandRun.of("migrate").exitCode()).isZero();

            CompletableFuture<CommandRun> migration;
            try (Connection other = GALLERY.dataSource().getConnection();
                    Statement statement = other.createStatement()) {
                other.setAutoCommit(false);
                statement.execute("lock table facestream.model_version in access exclusive mode");
                migration = CompletableFuture.supplyAsync(() -> CommandRun.of("migrate"));
                TimeUnit.SECONDS.sleep(STATEMENT_SECONDS);
                assertThat(migration).isNotDone();
                other.rollback();
            }
            CommandRun run = migration.get(30, TimeUnit.SECONDS);

            assertThat(run.err()).isEmpty();
            assertThat(run.exitCode()).isZero();
            assertThatThrownBy(() -> sleep(Settings.load().database())).hasMessageContaining("I/O error");
        }
    }

    private static void sleep(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("select pg_sleep(" + STATEMENT_SECONDS + ")");
        }
    }
}
