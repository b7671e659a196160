package io.facestream.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * {@code create-database.sh} run as the entrypoint of PostgreSQL's image runs it: as the superuser through the socket, with the secret
 * in POSTGRES_PASSWORD, and without POSTGRES_PASSWORD_FILE, which the entrypoint has unset by then.
 */
class CreateDatabaseTest {
    private static final String PASSWORD = "it's a \"secret\"";

    private final ServerUser user = ServerUser.current();
    private Path folder;
    private PostgresBinaries binaries;
    private int port;

    @BeforeEach
    void start() throws IOException {
        Setup.run(System.out::println);
        binaries = PostgresBinaries.find().orElseThrow();
        assumeThat(binaries.major()).as("psql's \\getenv").isGreaterThanOrEqualTo(15);
        folder = TestServices.newFolder();
        Path secret = Files.writeString(folder.resolve("secret"), PASSWORD);
        Files.copy(Path.of("src/main/docker/create-database.sh"), folder.resolve("create-database.sh"));
        user.own(folder);
        port = FreePort.orGiven(0);
        // as in docker-compose.yml
        run(
                "initdb",
                "--pgdata=data",
                "--username=postgres",
                "--pwfile=" + secret,
                "--auth-host=scram-sha-256",
                "--no-sync");
        run(
                "pg_ctl",
                "start",
                "--wait",
                "--pgdata=data",
                "--log=log",
                "--options=-c listen_addresses=127.0.0.1 -p " + port + " -k " + folder);
    }

    @AfterEach
    void stop() throws IOException {
        if (folder != null) {
            run("pg_ctl", "stop", "--mode=immediate", "--pgdata=data");
            LocalPostgres.deleteTree(folder);
        }
    }

    @Test
    void theApplicationsRoleLogsInWithTheSecretAndNobodyIsSuperuserOverTheNetwork() throws Exception {
        Path psql = Path.of(binaries.program("psql"));
        Command script = user.run(
                folder,
                "env",
                "-u",
                "POSTGRES_PASSWORD_FILE",
                "POSTGRES_PASSWORD=" + PASSWORD,
                "PGHOST=" + folder,
                "PGPORT=" + port,
                "PATH=" + psql.getParent() + ":/usr/bin:/bin",
                "./create-database.sh");

        assertThat(script.succeeded()).as("%s", script.output()).isTrue();
        try (Connection connection = connect("facestream");
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("select rolsuper, rolcreaterole, to_regtype('vector') is not null"
                                + " from pg_roles where rolname = current_user")) {
            assertThat(row.next()).isTrue();
            assertThat(List.of(row.getBoolean(1), row.getBoolean(2), row.getBoolean(3)))
                    .containsExactly(false, true, true);
        }
        assertThatThrownBy(() -> connect("postgres")).hasMessageContaining("password authentication failed");
    }

    private Connection connect(String role) throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/facestream", role, PASSWORD);
    }

    private void run(String program, String... arguments) throws IOException {
        String[] command = new String[arguments.length + 1];
        command[0] = binaries.program(program);
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Command ended = user.run(folder, command);
        assertThat(ended.succeeded()).as("%s", ended.output()).isTrue();
    }
}
