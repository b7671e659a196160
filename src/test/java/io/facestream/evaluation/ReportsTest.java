package io.facestream.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportsTest {
    @TempDir
    private Path folder;

    record Figures(double defined, double undefined, Double boxed, float single, Map<String, double[]> intervals) {}

    @Test
    void aFigureThatIsNotDefinedIsNull() throws Exception {
        Path file = folder.resolve("report.json");

        Reports.write(
                file,
                new Figures(
                        0.25, Double.NaN, Double.POSITIVE_INFINITY, Float.NaN, Map.of("tar", new double[] {0.5, 1})));

        JsonNode report = new ObjectMapper().readTree(file.toFile());
        assertThat(report.get("defined").doubleValue()).isEqualTo(0.25);
        assertThat(report.get("undefined").isNull()).isTrue();
        assertThat(report.get("boxed").isNull()).isTrue();
        assertThat(report.get("single").isNull()).isTrue();
        assertThat(report.get("intervals").get("tar").get(1).doubleValue()).isEqualTo(1);
    }
}
