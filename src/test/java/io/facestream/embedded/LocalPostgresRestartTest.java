package io.facestream.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a folder goes through: started, stopped, killed, started again. */
class LocalPostgresRestartTest {
    private Path folder;

    @BeforeAll
    static void installWhatIsMissing() {
        Setup.run(System.out::println);
    }

    @BeforeEach
    void makeFolder() throws IOException {
        folder = TestServices.newFolder();
    }

    @AfterEach
    void deleteFolder() throws IOException {
        LocalPostgres.stopLeftOver(folder);
        FileTree.delete(folder);
    }

    @Test
    void aSecondStartFindsWhatTheFirstOneWrote() throws SQLException {
        try (var postgres = start()) {
            execute(postgres, "CREATE TABLE face (embedding vector(3))");
            execute(postgres, "INSERT INTO face VALUES ('[0.6,0.8,0]')");
        }
        try (var postgres = start()) {
            assertThat(query(postgres, "SELECT embedding <-> '[0.6,0.8,0]' FROM face"))
                    .isEqualTo("0");
        }
    }

    @Test
    void theServerThatAKilledProcessLeftRunningIsStoppedAndItsDataKept() throws Exception {
        LocalPostgres abandoned = start();
        execute(abandoned, "CREATE TABLE kept (n int)");
        // given the server itself still runs; a connection's own process ends with it
        assertThat(ProcessHandle.of(postmasterPid())).isPresent();

        try (var postgres = start()) {
            assertThat(query(postgres, "SELECT count(*) FROM kept")).isEqualTo("0");
            assertThat(postgres.jdbcUrl()).isNotEqualTo(abandoned.jdbcUrl());
            assertThatThrownBy(() -> query(abandoned, "SELECT 1")).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void aServerThatWasKilledItselfRecovers() throws Exception {
        LocalPostgres killed = start();
        execute(killed, "CREATE TABLE kept (n int)");
        ProcessHandle postmaster = ProcessHandle.of(postmasterPid()).orElseThrow();
        assertThat(postmaster.destroyForcibly()).isTrue();
        postmaster.onExit().get();

        try (var postgres = start()) {
            assertThat(query(postgres, "SELECT count(*) FROM kept")).isEqualTo("0");
        }
    }

    @Test
    void aPidFileWhosePidIsAnotherProgramsNowIsNoObstacle() throws Exception {
        start().close();
        // given the file that a power cut leaves, and this very process with the pid in it
        Files.write(
                pidFile(),
                List.of(
                        Long.toString(ProcessHandle.current().pid()),
                        pidFile().getParent().toString(),
                        "0"));

        try (var postgres = start()) {
            assertThat(query(postgres, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void afterClosingNoServerIsLeft() {
        LocalPostgres postgres = start();
        postgres.close();
        postgres.close();

        assertThat(pidFile()).doesNotExist();
        assertThat(ProcessHandle.allProcesses().flatMap(process -> process.info().commandLine().stream()))
                .noneMatch(line -> line.contains(folder.toString()));
    }

    @Test
    void aFolderThatTheServersUserCannotReachIsNamedWithWhatIsInTheWay() throws IOException {
        assumeTrue(ServerUser.current() == ServerUser.POSTGRES, "only root can run the server as another user");
        Path barrier = folder.resolve("private");
        EmbeddedHome.makeFolder(barrier, "rwx------");

        assertThatThrownBy(() -> LocalPostgres.start(barrier.resolve("home/postgres"), 0, Durability.THROW_AWAY))
                .isInstanceOf(EmbeddedException.class)
                .hasMessageContaining(barrier + " is rwx------")
                .hasMessageContaining("FACESTREAM_HOME");
    }

    @Test
    void dataWhosePasswordsAreGoneIsKeptAndGetsNewOnes() throws Exception {
        try (var postgres = start()) {
            execute(postgres, "CREATE TABLE kept (n int)");
        }
        Files.delete(folder.resolve("passwords"));

        try (var postgres = start()) {
            assertThat(query(postgres, "SELECT count(*) FROM kept")).isEqualTo("0");
        }
        try (var postgres = start()) {
            assertThat(query(postgres, "SELECT count(*) FROM kept")).isEqualTo("0");
        }
    }

    @Test
    void rolesWhosePasswordsCameFromElsewhereGetThoseOfTheFile() throws Exception {
        // given what a restore of another server's roles does
        try (var postgres = start()) {
            try (Connection superuser = DriverManager.getConnection(
                            postgres.jdbcUrl(),
                            "postgres",
                            new PasswordFile(postgres.passwordFile()).password("postgres"));
                    Statement statement = superuser.createStatement()) {
                statement.execute("ALTER ROLE postgres PASSWORD 'of another server'");
                statement.execute("ALTER ROLE facestream PASSWORD 'of another server'");
                statement.execute("ALTER ROLE facestream_reader PASSWORD 'of another server'");
            }
        }

        try (var postgres = start()) {
            assertThat(query(postgres, "SELECT 1")).isEqualTo("1");
            try (Connection reader =
                    DriverManager.getConnection(postgres.jdbcUrl(), postgres.readerName(), postgres.readerPassword())) {
                assertThat(reader.isValid(1)).isTrue();
            }
        }
    }

    private LocalPostgres start() {
        return LocalPostgres.start(folder, 0, Durability.THROW_AWAY);
    }

    private long postmasterPid() throws IOException {
        return Long.parseLong(Files.readAllLines(pidFile()).get(0));
    }

    private Path pidFile() {
        return folder.resolve("data/postmaster.pid");
    }

    private static void execute(LocalPostgres postgres, String sql) throws SQLException {
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(LocalPostgres postgres, String sql) throws SQLException {
        try (Connection connection = connect(postgres);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static Connection connect(LocalPostgres postgres) throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(), postgres.userName(), postgres.password());
    }
}
