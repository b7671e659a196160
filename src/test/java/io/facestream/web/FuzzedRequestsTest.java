package io.facestream.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.facestream.AllRoles;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Requests that Schemathesis makes of the OpenAPI document, valid and invalid ones, with an admin's key, against all
 * roles. None may be a fault of the service. A process of its own, since they change and erase whatever there is.
 */
@QuarkusTest
@Tag("own-process")
@TestProfile(AllRoles.class)
class FuzzedRequestsTest {
    private static final Path FOLDER = Path.of("target/fuzzing").toAbsolutePath();
    private static final Path PROGRAM = FOLDER.resolve("env/bin/schemathesis");

    /** What Schemathesis shows of an answer that it takes for a fault. */
    private static final Pattern FAULT = Pattern.compile("(?s)\\[5\\d\\d].*?(?:`(.*?)`|<EMPTY>)");

    private final WebApi api = new WebApi();

    /** Skips the test where Python or its packages are not to be had. */
    private static void install() throws Exception {
        Files.createDirectories(FOLDER);
        if (!Files.isExecutable(PROGRAM)) {
            OutsideProgram ran = OutsideProgram.run(
                    FOLDER,
                    List.of("bash", "-c", "python3 -m venv env && env/bin/pip install --quiet schemathesis==4.32.5"));
            assumeTrue(ran.status() == 0, "schemathesis cannot be installed here: " + ran.output());
        }
    }

    @Test
    void noneIsAFaultOfTheService() throws Exception {
        install();
        String key = api.key("admin");
        await().atMost(Duration.ofMinutes(2))
                .until(() -> api.post(
                                        "/api/v1/recognition/subjects",
                                        key,
                                        "application/json",
                                        "{\"subject\":\"Somebody\"}".getBytes(UTF_8))
                                .status()
                        < 500);
        String url = "http://127.0.0.1:" + api.port();

        OutsideProgram ran = OutsideProgram.run(
                FOLDER,
                List.of(
                        PROGRAM.toString(),
                        "run",
                        url + "/q/openapi?format=json",
                        "--url=" + url,
                        "--header=x-api-key: " + key,
                        "--checks=not_a_server_error",
                        "--phases=examples,coverage,fuzzing",
                        "--max-examples=20",
                        "--seed=1",
                        "--request-timeout=30",
                        "--continue-on-failure",
                        "--no-color"));

        System.out.println(ran.output());
        assertThat(ran.output()).containsPattern("Tested: [3-9][0-9]").containsPattern("[0-9]{3,} generated");
        // So a request is answered that asks for a revision of the gallery that is not there yet.
        assertThat(FAULT.matcher(ran.output()).results().map(fault -> fault.group(1)))
                .allSatisfy(answer -> assertThat(answer).contains("urn:facestream:problem:behind"));
    }
}
