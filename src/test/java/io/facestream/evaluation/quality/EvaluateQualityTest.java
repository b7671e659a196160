package io.facestream.evaluation.quality;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.SharedData;
import io.facestream.cli.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole command, on real photos of a few people. */
@Tag("own-process")
class EvaluateQualityTest {
    private static final int PEOPLE = 40;

    @TempDir
    private static Path folder;

    private static JsonNode report;
    private static String out;

    @BeforeAll
    static void evaluate() throws IOException {
        Path photos = Files.createDirectory(folder.resolve("photos"));
        for (var person :
                SharedData.lfwPeople(PEOPLE, QualitySearches.LEAST_PHOTOS).entrySet()) {
            Path own = Files.createDirectory(photos.resolve(person.getKey()));
            for (Path photo : person.getValue()) {
                Files.copy(photo, own.resolve(photo.getFileName()));
            }
        }
        Path file = folder.resolve("report.json");
        CommandRun run =
                CommandRun.of("evaluate", "quality", "--images", photos.toString(), "--report", file.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        report = new ObjectMapper().readTree(file.toFile());
        out = run.out();
    }

    @Test
    void facesThatAreUpsideDownAreTheWorstAndThoseAsTheyAreTheBest() {
        JsonNode of = report.get("byHardship");

        assertThat(of.at("/UPSIDE_DOWN/right").doubleValue()).isLessThan(0.1);
        assertThat(of.at("/UPSIDE_DOWN/quality").doubleValue()).isLessThan(0.3);
        assertThat(of.at("/NONE/right").doubleValue()).isGreaterThan(0.9);
        assertThat(of.at("/NONE/quality").doubleValue()).isGreaterThan(0.8);
    }

    @Test
    void theShippedQualityLeavesFewerErrorsThanTheNormAlone() {
        assertThat(report.at("/shipped/area").doubleValue())
                .isLessThan(report.at("/norm/area").doubleValue());
    }

    @Test
    void theReportSaysWhatTheScoreWasFittedOn() {
        assertThat(report.at("/score/source").textValue()).contains("mobilefacenet-1, rfb, 40 people");
        assertThat(report.at("/score/coefficients")).hasSize(12);
        assertThat(report.at("/run/protocol").textValue()).isEqualTo("quality");
    }

    @Test
    void theTableHasTheCurveAndTheArea() {
        assertThat(out)
                .contains(
                        "errors, 20 % discarded by quality, as it ships",
                        "area under the errors, norm", "upside down: found, not found, told right, mean quality");
    }
}
