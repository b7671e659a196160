package io.facestream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code docs/operations.md} tells of an embedded installation, word for word. */
class OperationsIT {
    private static final Path DOCUMENT = Path.of("docs/operations.md");
    private static final Pattern RECIPE = Pattern.compile("(?s)```bash\n(.*?)```");

    /** PostgreSQL's user has to reach it. */
    private static final Path PARENT = Path.of("/var/tmp");

    private static final Path PHOTO = Path.of("src/main/resources/demo/people/Grace_Hopper/us-navy.jpg");

    private Path folder;
    private Process service;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory(
                PARENT,
                "facestream-operations-",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
        Path person = Files.createDirectories(folder.resolve("photos/Grace_Hopper"));
        Files.copy(PHOTO, person.resolve("photo.jpg"));
    }

    @AfterEach
    void deleteFolder() throws Exception {
        if (service != null && service.isAlive()) {
            stop();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void anEmbeddedInstallationIsSavedRestoredElsewhereAndBroughtToAnotherDatabase() throws Exception {
        List<String> recipes = recipes();
        assertThat(recipes).hasSize(4);
        String archive = recipes.get(0);
        String dump = recipes.get(1);
        String restore = recipes.get(2);
        String restoreDump = recipes.get(3);
        Path original = folder.resolve("original");
        Path moved = folder.resolve("another/machine's folder");
        Path fresh = folder.resolve("fresh");

        // given somebody who is enrolled
        start(original);
        assertThat(facestream(original, "enrol", "photos").rc).isZero();
        assertKnown(original);
        Run whileItRuns = bash(original, archive);
        assertThat(whileItRuns.rc).isNotZero();
        assertThat(whileItRuns.said).contains("not backed up: it still runs");
        assertThat(folder.resolve("facestream-backup.tar.gz")).doesNotExist();
        assertSucceeds(original, dump);
        stop();

        // when it is copied, and unpacked under another path
        assertSucceeds(original, archive);
        assertSucceeds(moved, restore);
        start(moved);
        assertKnown(moved);
        Run again = facestream(moved, "enrol", "photos");
        assertThat(again.said).contains("Grace_Hopper");
        stop();
        Run overAnother = bash(moved, restore);
        assertThat(overAnother.rc).isNotZero();

        // and when the dump comes into a new one
        start(fresh);
        assertSucceeds(fresh, restoreDump);
        stop();
        start(fresh);
        assertKnown(fresh);
    }

    @Test
    void rolesOfAnotherProcessJoinTheEmbeddedInstallationThatRuns() throws Exception {
        Path home = folder.resolve("home");
        start(home);
        Path log = folder.resolve("detection.log");
        ProcessBuilder another = process(home, List.of(launcher(), "up", "--roles", "detection"));
        another.environment().put("FACESTREAM_INSTANCE", "another");
        Process detection =
                another.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try {
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> !detection.isAlive() || Files.readString(log).contains("Ready: "));

            assertThat(Files.readString(log)).contains("Ready: detection. Health: http://127.0.0.1:");
        } finally {
            detection.destroy();
            assertThat(detection.waitFor(120, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static List<String> recipes() throws IOException {
        String document = Files.readString(DOCUMENT);
        int begin = document.indexOf("## The embedded installation\n");
        return RECIPE.matcher(document.substring(begin, document.indexOf("\n## ", begin)))
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    private record Run(int rc, String said) {}

    private void start(Path home) throws Exception {
        Path log = folder.resolve("up.log");
        Files.deleteIfExists(log);
        service = process(home, List.of(launcher(), "up", "--embedded"))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        await().atMost(Duration.ofMinutes(10))
                .until(() -> !service.isAlive() || Files.readString(log).contains("Ready: "));
        assertThat(Files.readString(log)).contains("Ready: ");
    }

    private void stop() throws Exception {
        service.destroy();
        assertThat(service.waitFor(120, TimeUnit.SECONDS)).isTrue();
    }

    private void assertKnown(Path home) throws Exception {
        Run run = facestream(home, "identify", "photos/Grace_Hopper/photo.jpg");
        assertThat(run.said).contains("KNOWN").contains("Grace_Hopper");
    }

    private void assertSucceeds(Path home, String recipe) throws Exception {
        Run run = bash(home, recipe);
        assertThat(run.rc).as(recipe + run.said).isZero();
    }

    private Run facestream(Path home, String... arguments) throws Exception {
        return run(process(
                home, Stream.concat(Stream.of(launcher()), Stream.of(arguments)).toList()));
    }

    private Run bash(Path home, String recipe) throws Exception {
        return run(process(home, List.of("bash", "-e", "-c", recipe)));
    }

    private static Run run(ProcessBuilder command) throws Exception {
        Process process = command.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Run(process.waitFor(), said);
    }

    private ProcessBuilder process(Path home, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().putAll(Map.of("FACESTREAM_HOME", home.toString(), "FACESTREAM_JAVA_OPTS", "-Xmx1g"));
        return builder;
    }

    private static String launcher() {
        return Path.of("facestream").toAbsolutePath().toString();
    }
}
