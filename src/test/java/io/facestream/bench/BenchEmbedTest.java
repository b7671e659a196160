package io.facestream.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.cli.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchEmbedTest {
    @TempDir
    private Path folder;

    @Test
    void facesAreCountedForEachBatchAndNumberOfCallers() throws Exception {
        Path report = folder.resolve("report.json");

        CommandRun run = CommandRun.of(
                "bench",
                "embed",
                "--device",
                "cpu",
                "--batches",
                "1,4",
                "--callers",
                "2",
                "--seconds",
                "1",
                "--report",
                report.toString());

        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode figures = new ObjectMapper().readTree(report.toFile());
        assertThat(figures).isEqualTo(new ObjectMapper().readTree(run.out()));
        assertThat(figures.at("/device").textValue()).isEqualTo("cpu");
        assertThat(figures.at("/speeds").findValuesAsText("batch")).containsExactly("1", "4");
        for (JsonNode speed : figures.at("/speeds")) {
            assertThat(speed.at("/callers").intValue()).isEqualTo(2);
            assertThat(speed.at("/facesPerSecond").doubleValue()).isPositive();
            assertThat(speed.at("/cpuMillisPerFace").doubleValue()).isPositive();
        }
    }

    @Test
    void aGpuThatIsNotThereIsAnErrorAndNothingIsMeasured() {
        CommandRun run = CommandRun.of("bench", "embed", "--device", "gpu", "--report", folder + "/report.json");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("device gpu: no GPU was found");
        assertThat(Files.exists(folder.resolve("report.json"))).isFalse();
    }

    @Test
    void numbersOutOfRangeAreWrongUsage() {
        assertThat(CommandRun.of("bench", "embed", "--batches", "8,2000").err())
                .startsWith("--batches is 1 to 1024, not 2000");
        assertThat(CommandRun.of("bench", "embed", "--callers", "0").exitCode()).isEqualTo(2);
    }
}
