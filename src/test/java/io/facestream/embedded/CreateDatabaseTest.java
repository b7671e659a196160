package io.facestream.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code create-database.sh} run as the entrypoint of PostgreSQL's image runs it. */
class CreateDatabaseTest {
    private static final String PASSWORD = "it's a \"secret\"";

    @TempDir
    private Path folder;

    @Test
    void theApplicationsRoleLogsInWithTheSecretAndNobodyIsSuperuserOverTheNetwork() throws Exception {
        Setup.run(System.out::println);
        assumeThat(PostgresBinaries.find().orElseThrow().major())
                .as("psql's \\getenv")
                .isGreaterThanOrEqualTo(15);
        Path secret = Files.writeString(folder.resolve("secret"), PASSWORD);
        Map<String, String> environment = Map.of(
                "POSTGRES_PASSWORD_FILE", secret.toString(), "POSTGRES_INITDB_ARGS", "--auth-host=scram-sha-256");
        try (ComposeDatabase database =
                        ComposeDatabase.start(Path.of("src/main/docker/create-database.sh"), environment);
                Connection connection = connect(database, "facestream");
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("select rolsuper, rolcreaterole, to_regtype('vector') is not null"
                                + " from pg_roles where rolname = current_user")) {
            assertThat(row.next()).isTrue();
            assertThat(List.of(row.getBoolean(1), row.getBoolean(2), row.getBoolean(3)))
                    .containsExactly(false, true, true);
            assertThatThrownBy(() -> connect(database, "postgres"))
                    .hasMessageContaining("password authentication failed");
        }
    }

    private static Connection connect(ComposeDatabase database, String role) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://" + database.address() + "/facestream", role, PASSWORD);
    }
}
