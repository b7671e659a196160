package io.facestream.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A home that is restarted, copied, restored elsewhere, or cannot start. */
class MovedHomeTest {
    private Path folder;
    private EmbeddedHome home;
    private final List<String> told = new ArrayList<>();

    @BeforeEach
    void makeHome() throws IOException {
        folder = TestServices.newFolder();
        home = new EmbeddedHome(folder.resolve("home"));
    }

    @AfterEach
    void deleteHomes() throws IOException {
        for (String name : List.of("home", "elsewhere")) {
            if (Files.exists(folder.resolve(name))) {
                LocalPostgres.stopLeftOver(folder.resolve(name).resolve("postgres"));
            }
        }
        FileTree.delete(folder);
    }

    @Test
    void brokerAndDatabaseAreWhereTheyWereAfterARestart() {
        Endpoints before;
        try (var services = start(home)) {
            before = services.endpoints();
        }
        try (var services = start(home)) {
            assertThat(services.endpoints()).isEqualTo(before);
        }
        assertThat(told).noneMatch(line -> line.contains("taken"));
    }

    @Test
    void aServerThatAKilledProcessLeftOnThePortIsNotSomebodyElse() throws Exception {
        Endpoints before;
        try (var services = start(home)) {
            before = services.endpoints();
        }
        // given the server alone, as a killed process leaves it
        KeptPorts ports = new KeptPorts(home.portsFile(), told::add);
        LocalPostgres.start(home.postgres(), ports.postgres());

        try (var services = start(home)) {
            assertThat(services.endpoints()).isEqualTo(before);
        }
    }

    @Test
    void anArchiveUnderAnotherPathHasThePeopleAndTheTopics() throws Exception {
        aCopyHasThePeopleAndTheTopics("tar");
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"cp -a", "cp -r"})
    void aCopyUnderAnotherPathHasThePeopleAndTheTopics(String way) throws Exception {
        aCopyHasThePeopleAndTheTopics(way);
    }

    /** As an archive is unpacked by root: every file is root's, or an ordinary user's own. */
    private void aCopyHasThePeopleAndTheTopics(String way) throws Exception {
        fill();
        Path elsewhere = folder.resolve("elsewhere");
        copy(way, home.folder(), elsewhere);
        if (ServerUser.current() == ServerUser.POSTGRES) {
            shell("chown -R root: '" + elsewhere + "'");
        }
        shell("chmod -R go+rX '" + elsewhere + "'");

        try (var services = start(new EmbeddedHome(elsewhere))) {
            assertFilled(services.endpoints());
            assertThat(services.endpoints().passwordFile()).startsWith(elsewhere);
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(services.endpoints().passwordFile())))
                    .isEqualTo("rw-------");
        }
        try (var services = start(home)) {
            assertFilled(services.endpoints());
        }
    }

    @Test
    void aCopyThatWasMadeWhileTheOriginalRanIsRefused() throws Exception {
        EmbeddedHome copy = new EmbeddedHome(folder.resolve("elsewhere"));
        try (var services = start(home)) {
            assertThat(services.endpoints()).isNotNull();
            // given that it has run for longer than a file's time is off
            Files.writeString(
                    home.lockFile(),
                    "pid 4711 (up), since " + Instant.now().minusSeconds(60).truncatedTo(ChronoUnit.SECONDS) + "\n");
            copy("cp -a", home.folder(), copy.folder());
        }

        assertThatThrownBy(() -> start(copy))
                .isInstanceOf(EmbeddedException.class)
                .hasMessageContaining(copy.folder() + " is a copy of a home that was in use then (pid 4711 (up)")
                .hasMessageContaining("delete " + copy.lockFile());
        // and whoever insists can use it
        Files.delete(copy.lockFile());
        start(copy).close();
    }

    @Test
    void aProcessThatWasKilledLeavesAHomeThatStartsAgain() throws Exception {
        start(home).close();
        Files.writeString(
                home.lockFile(), "pid 4711 (up), since " + Instant.now().truncatedTo(ChronoUnit.SECONDS) + "\n");

        start(home).close();
    }

    @Test
    void filesOfSomebodyElseAreNamedWithTheCommandThatMendsIt() throws Exception {
        assumeTrue(
                ServerUser.current() == ServerUser.POSTGRES,
                "only root may give files to others, and only others are refused them");
        start(home).close();
        Path program = Path.of(System.getProperty("java.home"), "bin/java");
        shell("chmod -R go+rX '" + folder + "'");

        Command run = Command.run(
                Path.of("/"),
                List.of(
                        "setpriv",
                        "--reuid=nobody",
                        "--regid=nogroup",
                        "--clear-groups",
                        "--",
                        program.toString(),
                        "-cp",
                        readableClassPath(),
                        Starter.class.getName(),
                        home.folder().toString()));

        assertThat(run.lastLine())
                .contains(home.folder() + " belongs to root, and you are nobody: run 'sudo chown -R nobody '")
                .contains("FACESTREAM_HOME");
    }

    @Test
    void whereThereIsNoRoomTheFolderAndItsFreeBytesAreNamedAndNothingIsLeftRunning() throws Exception {
        Files.createDirectories(home.folder());
        assumeTrue(
                shellSucceeds("mount -t tmpfs -o size=40m tmpfs '" + home.folder() + "'"),
                "this user may mount no file system");
        try {
            assertThatThrownBy(() -> start(home))
                    .isInstanceOf(EmbeddedException.class)
                    .hasMessageMatching("\\Q" + home.folder() + "\\E has [0-9,]+ bytes free, .*")
                    .hasMessageNotContaining("\n");
            assertNothingRuns();
        } finally {
            shell("umount '" + home.folder() + "'");
        }
    }

    @Test
    void aBrokerThatDoesNotStartTakesTheDatabaseDownWithIt() throws Exception {
        start(home).close();
        shell("echo 'cluster.id=of another cluster' > '" + home.kafka() + "/meta.properties'");

        assertThatThrownBy(() -> start(home))
                .isInstanceOf(EmbeddedException.class)
                .hasMessageContaining(home.kafka().toString())
                .hasMessageNotContaining("\n");
        assertNothingRuns();
        assertThat(home.endpoints()).isEmpty();
    }

    @Test
    void aDatabaseThatDoesNotStartSaysWhyAndGivesTheHomeFree() throws Exception {
        start(home).close();
        shell("echo 99 > '" + home.postgres() + "/data/PG_VERSION'");

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> start(home))
                    .isInstanceOf(EmbeddedException.class)
                    .hasMessageContaining("PostgreSQL 99")
                    .hasMessageContaining("pg_dump");
        }
        assertNothingRuns();
    }

    @Test
    void aKeptPortThatIsTakenIsReplacedAtTheStart() throws Exception {
        Endpoints before;
        try (var services = start(home)) {
            before = services.endpoints();
        }
        int kafka = Integer.parseInt(before.kafkaBootstrapServers().replaceFirst(".*:", ""));
        try (ServerSocket somebodyElse = new ServerSocket(kafka, 1, InetAddress.getLoopbackAddress());
                var services = start(home)) {
            assertThat(services.endpoints().kafkaBootstrapServers()).isNotEqualTo(before.kafkaBootstrapServers());
            assertThat(services.endpoints().jdbcUrl()).isEqualTo(before.jdbcUrl());
            assertThat(told).anyMatch(line -> line.contains("Port " + somebodyElse.getLocalPort()));
        }
    }

    private EmbeddedServices start(EmbeddedHome which) {
        return EmbeddedServices.start(which, "a test", told::add);
    }

    private void fill() throws Exception {
        try (var services = start(home);
                Connection connection = connect(services.endpoints());
                Statement statement = connection.createStatement();
                Admin admin = admin(services.endpoints())) {
            statement.execute("CREATE TABLE person (name text, embedding vector(3))");
            statement.execute("INSERT INTO person VALUES ('Grace_Hopper', '[0.6,0.8,0]')");
            admin.createTopics(List.of(new NewTopic("frames", 3, (short) 1)))
                    .all()
                    .get();
        }
    }

    private static void assertFilled(Endpoints endpoints) throws Exception {
        try (Connection connection = connect(endpoints);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT name FROM person");
                Admin admin = admin(endpoints)) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo("Grace_Hopper");
            assertThat(admin.describeTopics(List.of("frames"))
                            .allTopicNames()
                            .get()
                            .get("frames")
                            .partitions())
                    .hasSize(3)
                    .allMatch(partition -> partition.leader() != null);
        }
    }

    private void assertNothingRuns() {
        assertThat(ProcessHandle.allProcesses().flatMap(process -> process.info().commandLine().stream()))
                .noneMatch(line -> line.contains("postgres") && line.contains(folder.toString()));
    }

    private static void copy(String way, Path from, Path to) throws IOException {
        shell(
                way.equals("tar")
                        ? "mkdir '" + to + "' && tar -cf - -C '" + from + "' . | tar -xf - -C '" + to + "'"
                        : way + " '" + from + "' '" + to + "'");
    }

    /** Nobody may read this user's own folders, where the libraries are. */
    private String readableClassPath() throws IOException {
        List<String> copies = new ArrayList<>();
        Path parent = Files.createDirectories(folder.resolve("classes"));
        for (String entry : System.getProperty("java.class.path").split(":")) {
            if (entry.endsWith(".jar") && !entry.matches(".*/(jboss-logging|postgresql|jboss-logmanager)-.*")) {
                continue;
            }
            Path copy = parent.resolve(copies.size() + (entry.endsWith(".jar") ? ".jar" : ""));
            shell("cp -r '" + entry + "' '" + copy + "'");
            copies.add(copy.toString());
        }
        shell("chmod -R go+rX '" + folder + "'");
        return String.join(":", copies);
    }

    private static void shell(String command) throws IOException {
        Command run = Command.run(Path.of("/"), List.of("bash", "-c", command));
        assertThat(run.succeeded()).as(command + ": " + run.output()).isTrue();
    }

    private static boolean shellSucceeds(String command) throws IOException {
        return Command.run(Path.of("/"), List.of("bash", "-c", command)).succeeded();
    }

    private static Connection connect(Endpoints endpoints) throws Exception {
        return DriverManager.getConnection(endpoints.jdbcUrl(), endpoints.userName(), endpoints.password());
    }

    private static Admin admin(Endpoints endpoints) {
        return Admin.create(Map.of("bootstrap.servers", endpoints.kafkaBootstrapServers()));
    }

    /** Starts a home and says what became of it. */
    static final class Starter {
        public static void main(String[] arguments) throws IOException {
            try {
                HomeOwner.requireOwn(new EmbeddedHome(Path.of(arguments[0])));
                System.out.println("all is this user's");
            } catch (EmbeddedException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
