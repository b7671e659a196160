package io.facestream.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.cli.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchDetectTest {
    private static final Path PHOTO = Path.of("src/main/resources/demo/people/Grace_Hopper/us-navy.jpg");

    @TempDir
    private Path folder;

    @Test
    void eachDetectorLooksAtEachPictureThatCanBeDecoded() throws Exception {
        Files.copy(PHOTO, folder.resolve("a.jpg"));
        Files.copy(PHOTO, folder.resolve("b.jpg"));
        Files.write(folder.resolve("c.jpg"), new byte[100]);
        Path report = folder.resolve("report.json");

        CommandRun run = CommandRun.of(
                "bench",
                "detect",
                folder.toString(),
                "--detectors",
                "rfb,hog",
                "--rounds",
                "2",
                "--report",
                report.toString());

        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode figures = new ObjectMapper().readTree(report.toFile());
        assertThat(figures).isEqualTo(new ObjectMapper().readTree(run.out()));
        assertThat(figures.at("/rounds").intValue()).isEqualTo(2);
        assertThat(figures.at("/detectors").findValuesAsText("detector")).containsExactly("rfb", "hog");
        for (JsonNode detector : figures.at("/detectors")) {
            assertThat(detector.at("/pictures").intValue()).isEqualTo(2);
            assertThat(detector.at("/faces").intValue()).isEqualTo(2);
            assertThat(detector.at("/cpuMillis").doubleValue()).isPositive();
        }
        assertThat(figures.at("/detectors/0/firstOverThis").doubleValue()).isEqualTo(1);
    }

    @Test
    void aFolderWithoutAPictureThatCanBeDecodedIsAnError() throws Exception {
        assertThat(CommandRun.of("bench", "detect", folder.toString()).err()).contains("no pictures in " + folder);

        Files.write(folder.resolve("c.jpg"), new byte[100]);
        CommandRun run = CommandRun.of("bench", "detect", folder.toString(), "--detectors", "hog");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("none of the pictures in " + folder + " can be decoded");
    }

    @Test
    void numbersOutOfRangeAreWrongUsage() {
        CommandRun run = CommandRun.of("bench", "detect", folder.toString(), "--rounds", "0");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("--rounds is 1 to 100, not 0");
    }
}
