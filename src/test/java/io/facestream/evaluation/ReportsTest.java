package io.facestream.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.photos.FarCamera;
import io.facestream.photos.Undecodable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportsTest {
    @TempDir
    private Path folder;

    private static final EvaluationRun RUN = new EvaluationRun(
            "verification",
            "2026-01-01T00:00:00Z",
            1.5,
            new EvaluationRun.Model("m-1", "m", "1".repeat(64)),
            null,
            new EvaluationRun.Detector("mtcnn", 40, "auto"),
            new FarCamera(32, 32, 1, 7),
            7,
            Map.of(),
            new EvaluationData(
                    new EvaluationData.Folder("photos", 2, 3, "2".repeat(64)),
                    null,
                    Map.of(),
                    List.of(),
                    List.of(new Undecodable("x/y.jpg", null, "too-large: 9 bytes", 0))),
            Build.current());

    record Figures(double defined, double undefined, Double boxed, float single, Map<String, double[]> intervals) {}

    @Test
    void aFigureThatIsNotDefinedIsNull() throws Exception {
        Path file = folder.resolve("report.json");

        Reports.write(
                file,
                new Figures(
                        0.25, Double.NaN, Double.POSITIVE_INFINITY, Float.NaN, Map.of("tar", new double[] {0.5, 1})),
                RUN);

        JsonNode report = new ObjectMapper().readTree(file.toFile());
        assertThat(report.get("defined").doubleValue()).isEqualTo(0.25);
        assertThat(report.get("undefined").isNull()).isTrue();
        assertThat(report.get("boxed").isNull()).isTrue();
        assertThat(report.get("single").isNull()).isTrue();
        assertThat(report.get("intervals").get("tar").get(1).doubleValue()).isEqualTo(1);
    }

    @Test
    void aReportTellsWhatItWasMadeWith() throws Exception {
        Path file = folder.resolve("report.json");
        Files.writeString(file, "an older report");

        Reports.write(file, new Figures(1, 1, 1.0, 1, Map.of()), RUN);

        JsonNode report = new ObjectMapper().readTree(file.toFile());
        assertThat(report.get("undecodable").intValue()).isEqualTo(1);
        JsonNode run = report.get("run");
        assertThat(run.get("protocol").textValue()).isEqualTo("verification");
        assertThat(run.get("model").get("sha256").textValue()).isEqualTo("1".repeat(64));
        assertThat(run.get("baseline").isNull()).isTrue();
        assertThat(run.get("detector").get("smallestFace").intValue()).isEqualTo(40);
        assertThat(run.get("degradation").get("smallest").intValue()).isEqualTo(32);
        assertThat(run.get("seed").longValue()).isEqualTo(7);
        assertThat(run.get("data").get("images").get("photos").intValue()).isEqualTo(3);
        assertThat(run.get("data").get("undecodable").get(0).get("file").textValue())
                .isEqualTo("x/y.jpg");
        assertThat(run.get("build").get("version").textValue()).isEqualTo("0.1.0");
        assertThat(run.get("build").get("processors").intValue()).isPositive();
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void whatIsNoFileIsWrittenToAndNotReplaced() throws Exception {
        Path device = Path.of("/dev/null");
        assumeTrue(Files.exists(device), "there is no " + device);

        Reports.write(device, new Figures(1, 1, 1.0, 1, Map.of()), RUN);

        assertThat(Files.isRegularFile(device)).isFalse();
    }
}
