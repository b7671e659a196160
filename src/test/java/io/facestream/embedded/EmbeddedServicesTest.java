package io.facestream.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EmbeddedServicesTest {
    private EmbeddedHome home;

    @BeforeEach
    void makeHome() throws IOException {
        home = new EmbeddedHome(TestServices.newFolder().resolve("home"));
    }

    @AfterEach
    void deleteHome() throws IOException {
        LocalPostgres.stopLeftOver(home.postgres());
        FileTree.delete(home.folder().getParent());
    }

    @Test
    void otherCommandsFindBrokerAndDatabaseWhileTheyRun() throws Exception {
        assertThat(home.endpoints()).isEmpty();

        try (var services = EmbeddedServices.start(home, "a test", line -> {})) {
            Endpoints found = home.endpoints().orElseThrow();
            assertThat(found).isEqualTo(services.endpoints());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.endpointsFile())))
                    .isEqualTo("rw-------");
            try (var admin = Admin.create(Map.of("bootstrap.servers", found.kafkaBootstrapServers()))) {
                assertThat(admin.describeCluster().nodes().get()).hasSize(1);
            }
            try (var connection = DriverManager.getConnection(found.jdbcUrl(), found.userName(), found.password())) {
                assertThat(connection.isValid(1)).isTrue();
            }
        }

        assertThat(home.endpoints()).isEmpty();
        assertThat(home.endpointsFile()).doesNotExist();
    }

    @Test
    void aSecondHolderInThisProcessIsRefusedAndTheFirstKeepsItsLock() {
        home.create();
        try (var first = HomeLock.acquire(home.lockFile(), "the first")) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> EmbeddedServices.start(home, "the second", line -> {}))
                        .isInstanceOf(EmbeddedException.class)
                        .hasMessageContaining("pid " + ProcessHandle.current().pid() + " (the first), since 20")
                        .hasMessageNotContaining("\n");
            }
            assertThat(first).isNotNull();
        }
        HomeLock.acquire(home.lockFile(), "the third").close();
    }

    @Test
    void aHolderInAnotherProcessIsNamedAndItsLockEndsWithIt() throws Exception {
        home.create();
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OtherHolder.class.getName(),
                        home.folder().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = other.inputReader(StandardCharsets.UTF_8)) {
            assertThat(output.readLine()).isEqualTo("locked");
            Files.writeString(home.endpointsFile(), "of the other process");

            assertThatThrownBy(() -> HomeLock.acquire(home.lockFile(), "this test"))
                    .isInstanceOf(EmbeddedException.class)
                    .hasMessageContaining("pid " + other.pid() + " (another process), since 20")
                    .hasMessageContaining("FACESTREAM_HOME");
            assertThat(HomeLock.isHeld(home.lockFile())).isTrue();
        } finally {
            other.destroyForcibly().waitFor();
        }

        assertThat(home.endpoints()).isEmpty();
        HomeLock.acquire(home.lockFile(), "this test").close();
    }

    /** Holds the lock of a home until it is killed. */
    static final class OtherHolder {
        public static void main(String[] arguments) throws InterruptedException {
            HomeLock lock = HomeLock.acquire(new EmbeddedHome(Path.of(arguments[0])).lockFile(), "another process");
            System.out.println("locked");
            new CountDownLatch(1).await();
            lock.close();
        }
    }
}
