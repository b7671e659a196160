package io.facestream.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The API as programs are written against it: a change of it is seen by whoever reviews the change of the snapshot. */
@QuarkusTest
@Tag("own-process")
@TestProfile(WebApi.Alone.class)
class OpenApiTest {
    private static final Path SNAPSHOT = Path.of("schemas/openapi.json");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final WebApi api = new WebApi();

    @Test
    void theDocumentIsThatOfTheSnapshot() throws Exception {
        JsonNode document = api.send(api.to("/q/openapi?format=json").build()).json();

        Path served = Path.of("target/openapi.json");
        Files.writeString(served, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(document) + "\n");
        assertThat(document)
                .as("if the change is meant: cp %s %s", served, SNAPSHOT)
                .isEqualTo(MAPPER.readTree(SNAPSHOT.toFile()));
    }
}
