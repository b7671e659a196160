package io.facestream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Whatever ships, by the bill of materials that the build makes before its tests, has a licence that we have looked
 * at.
 */
class LicencesTest {
    private static final Path BILL = Path.of("target/sbom.json");

    /** A library needs one of these. Libraries under weak copyleft are used unmodified. */
    private static final Set<String> ACCEPTED = Set.of(
            "Apache-2.0",
            "MIT",
            "MIT-0",
            "BSD-2-Clause",
            "BSD-3-Clause",
            "BSD-4-Clause",
            "0BSD",
            "CC0-1.0",
            "Public Domain",
            "Go License",
            "EPL-1.0",
            "EPL-2.0",
            "LGPL, version 2.1",
            "GNU Library or Lesser General Public License (LGPL)");

    @Test
    void everyLibraryThatShipsHasALicenceThatIsAccepted() throws Exception {
        assertThat(BILL).as("made by the build, in the phase before the tests").exists();
        JsonNode libraries = new ObjectMapper().readTree(BILL.toFile()).path("components");

        List<String> unknown = new ArrayList<>();
        for (JsonNode library : libraries) {
            List<String> licences = licences(library);
            if (licences.stream().noneMatch(ACCEPTED::contains)) {
                unknown.add(library.path("purl").asText() + " " + licences);
            }
        }

        assertThat(libraries).hasSizeGreaterThan(100);
        assertThat(unknown)
                .as("look at these licences, and accept them or do without the library")
                .isEmpty();
    }

    private static List<String> licences(JsonNode library) {
        List<String> licences = new ArrayList<>();
        for (JsonNode entry : library.path("licenses")) {
            JsonNode licence = entry.path("license");
            licences.add(licence.path("id")
                    .asText(licence.path("name").asText(entry.path("expression").asText())));
        }
        return licences;
    }
}
