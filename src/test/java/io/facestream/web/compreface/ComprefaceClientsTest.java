package io.facestream.web.compreface;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.facestream.AllRoles;
import io.facestream.web.OutsideProgram;
import io.facestream.web.WebApi;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Programs that were written for CompreFace, as they come, against all roles. */
@QuarkusTest
@Tag("application")
@TestProfile(AllRoles.class)
class ComprefaceClientsTest {
    private static final Path SOURCES = Path.of("src/test/clients");
    private static final Path CLIENTS = Path.of("target/clients");
    private static final Path PEOPLE = Path.of("src/main/resources/demo/people");

    private final WebApi api = new WebApi();

    /** Installs what the clients need; skips the test where that is not to be had. */
    private static void install(Path present, List<String> command) throws Exception {
        Files.createDirectories(CLIENTS);
        try (var files = Files.list(SOURCES)) {
            for (Path file : files.toList()) {
                Files.write(CLIENTS.resolve(file.getFileName()), Files.readAllBytes(file));
            }
        }
        if (!Files.exists(CLIENTS.resolve(present))) {
            OutsideProgram ran = OutsideProgram.run(CLIENTS, command);
            assumeTrue(ran.status() == 0, command.get(0) + " is not there, or installs nothing here");
        }
    }

    private void assertPasses(String... command) throws Exception {
        List<String> whole = new ArrayList<>(List.of(command));
        whole.addAll(List.of(
                String.valueOf(api.port()),
                api.key("operator"),
                api.key("admin"),
                PEOPLE.toAbsolutePath().toString()));
        OutsideProgram ran = OutsideProgram.run(CLIENTS, whole);
        System.out.print(ran.output());
        assertThat(ran.status()).as(ran.output()).isZero();
    }

    /** The first command waits until answers are followed. */
    @BeforeEach
    void awaitRoles() throws Exception {
        empty();
        String key = api.key("operator");
        await().atMost(Duration.ofSeconds(60))
                .until(() -> api.post(
                                        "/api/v1/recognition/subjects",
                                        key,
                                        "application/json",
                                        ("{\"subject\":\"" + UUID.randomUUID() + "\"}").getBytes(UTF_8))
                                .status()
                        == 201);
        empty();
    }

    @AfterEach
    void empty() throws Exception {
        api.execute("delete from facestream.identity");
        // Whoever another client erased a moment ago may be enrolled again.
        api.execute("delete from facestream.erasure");
    }

    @Test
    void theJavaScriptSdkWorksAsItComes() throws Exception {
        install(
                Path.of("node_modules/@exadel/compreface-js-sdk"),
                List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"));

        assertPasses("node", "compreface-js-sdk.mjs");
    }

    @Test
    void theCallsOfDoubleTakeWork() throws Exception {
        install(
                Path.of("node_modules/@exadel/compreface-js-sdk"),
                List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"));

        assertPasses("node", "double-take.mjs");
    }

    @Test
    void thePythonSdkWorksAsItComes() throws Exception {
        install(
                Path.of("compreface"),
                List.of(
                        "python3",
                        "-m",
                        "pip",
                        "install",
                        "--quiet",
                        "--target",
                        ".",
                        "compreface-sdk==0.6.0",
                        // Its requests-toolbelt does not know a later one.
                        "urllib3<2"));

        assertPasses("python3", "compreface_sdk.py");
    }
}
