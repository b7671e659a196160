package io.facestream.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.cli.CommandRun;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchSearchTest {
    @TempDir
    private Path folder;

    @Test
    void aSmallGalleryIsSearchedInFullAndItsFiguresAreReported() throws Exception {
        Path report = folder.resolve("report.json");

        CommandRun run =
                CommandRun.of("bench", "search", "--people", "1000", "--probes", "100", "--report", report.toString());

        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode figures = new ObjectMapper().readTree(report.toFile());
        assertThat(figures).isEqualTo(new ObjectMapper().readTree(run.out()));
        assertThat(figures.at("/people").intValue()).isEqualTo(1000);
        assertThat(figures.at("/dimensions").intValue()).isEqualTo(192);
        assertThat(figures.at("/indexBytes").longValue()).isBetween(1_000 * 192 * 4L, 1_000 * 192 * 40L);
        for (String kind : new String[] {"mated", "unmated"}) {
            JsonNode probed = figures.get(kind);
            assertThat(probed.at("/probes").intValue()).isEqualTo(100);
            assertThat(probed.at("/recallAt1").doubleValue()).isGreaterThan(0.98);
            for (String when : new String[] {"warm", "restarted"}) {
                assertThat(probed.at("/" + when + "/p50").doubleValue())
                        .isPositive()
                        .isLessThanOrEqualTo(probed.at("/" + when + "/p99").doubleValue());
            }
        }
        assertThat(figures.at("/exactMillis").doubleValue()).isPositive();
    }

    @Test
    void aGalleryThatIsTooSmallOrTooLargeIsWrongUsage() {
        assertThat(CommandRun.of("bench", "search", "--people", "999").err())
                .startsWith("--people is 1000 to 10000000, not 999");
        assertThat(CommandRun.of("bench", "search", "--people", "20000000").exitCode())
                .isEqualTo(2);
        assertThat(CommandRun.of("bench", "search", "--people", "1000", "--probes", "1001")
                        .err())
                .startsWith("--probes is 100 to 1000, not 1001");
    }
}
