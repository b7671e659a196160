package io.facestream.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A server while it runs; all tests share it. */
class LocalPostgresTest {
    private static Path folder;
    private static LocalPostgres postgres;

    @BeforeAll
    static void start() throws IOException {
        Setup.run(System.out::println);
        folder = TestServices.newFolder();
        postgres = LocalPostgres.start(folder, 0, Durability.THROW_AWAY);
    }

    @AfterAll
    static void stop() throws IOException {
        postgres.close();
        FileTree.delete(folder);
    }

    @Test
    void theApplicationsRoleIsNoSuperuserAndTheReaderHasNoRights() throws SQLException {
        assertThat(query("SELECT rolsuper || ' ' || rolcreaterole FROM pg_roles WHERE rolname = current_user"))
                .isEqualTo("false true");
        assertThat(query("SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()"))
                .isEqualTo("UTF8");
        execute("CREATE SCHEMA facestream CREATE TABLE person (name text)");
        try (Connection reader = DriverManager.getConnection(
                        postgres.jdbcUrl(), postgres.readerName(), postgres.readerPassword());
                Statement statement = reader.createStatement()) {
            assertThatThrownBy(() -> statement.executeQuery("SELECT name FROM facestream.person"))
                    .hasMessageContaining("permission denied");
        }
    }

    @Test
    void nobodyGetsInWithoutThePassword() {
        assertThatThrownBy(() -> DriverManager.getConnection(postgres.jdbcUrl(), postgres.userName(), "guessed"))
                .hasMessageContaining("password authentication failed");
    }

    @Test
    void passwordsAreInOneFileOfItsOwnersOnlyAndInNoCommandLineOrLog() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(postgres.passwordFile())))
                .isEqualTo("rw-------");
        assertThat(ProcessHandle.allProcesses().flatMap(process -> process.info().commandLine().stream()))
                .noneMatch(line -> line.contains(postgres.password()));
        for (String file : List.of("server.log", "postgresql.conf", "pg_hba.conf")) {
            assertThat(folder.resolve(file)).content().doesNotContain(postgres.password());
        }
        assertThat(folder.resolve("superuser-password")).doesNotExist();
    }

    /** A log lives longer than what is erased. */
    @Test
    void theServersLogTellsOfErrorsWithoutStatementsAndDetails() throws SQLException {
        execute("CREATE TABLE visitor (name text UNIQUE)");
        execute("INSERT INTO visitor VALUES ('Josephine')");

        assertThatThrownBy(() -> execute("INSERT INTO visitor VALUES ('Josephine')"))
                .isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> execute("SELECT 'Josephine' FROM nowhere")).isInstanceOf(SQLException.class);

        assertThat(folder.resolve("server.log"))
                .content()
                .contains("duplicate key value")
                .contains("\"nowhere\" does not exist")
                .doesNotContain("Josephine");
    }

    @Test
    void thePsqlCommandLineForPeopleWorks() throws IOException {
        Command psql =
                Command.run(Path.of("/"), List.of("sh", "-c", postgres.psqlCommand() + " -Atc 'SELECT current_user'"));
        assertThat(psql.output()).containsExactly(postgres.userName());
    }

    @Test
    void theServerHasASessionOfItsOwnSoThatCtrlCDoesNotReachIt() throws IOException {
        String pid = Files.readAllLines(pidFile()).get(0);
        // fields after the program's name: state, parent, process group, session
        String[] status = Files.readString(Path.of("/proc", pid, "stat")).split(" ", -1);
        assertThat(status[4]).isEqualTo(pid);
        assertThat(status[5]).isEqualTo(pid);
    }

    private static Path pidFile() {
        return folder.resolve("data/postmaster.pid");
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static Connection connect() throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(), postgres.userName(), postgres.password());
    }
}
