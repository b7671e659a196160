package io.facestream.cli.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.SyntheticPictures;
import io.facestream.cli.CommandRun;
import io.facestream.embeddings.Embedding;
import io.facestream.embeddings.FaceEmbedder;
import io.facestream.frames.Picture;
import io.facestream.gallery.TestGallery;
import io.facestream.models.ModelMetrics;
import io.facestream.models.ModelMetrics.CalibrationBasis;
import io.facestream.models.ModelMetrics.CalibrationPoint;
import io.facestream.models.ModelMetrics.Comparison;
import io.facestream.models.ModelMetrics.Epoch;
import io.facestream.models.ModelMetrics.RocPoint;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.Network;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsCommandTest {
    private static final TestGallery GALLERY = TestGallery.of(ModelsCommandTest.class);
    private static final String SHIPPED = "mobilefacenet-1";

    private static CommandRun.Properties properties;

    @TempDir
    private Path folder;

    @BeforeAll
    static void tellWhereTheServicesAre() {
        Map<String, String> services = new HashMap<>(CommandRun.kafka());
        services.putAll(GALLERY.asProperties());
        properties = new CommandRun.Properties(services);
    }

    @AfterAll
    static void restore() {
        properties.close();
    }

    @BeforeEach
    void onlyTheShippedNetwork() throws SQLException {
        GALLERY.renew();
    }

    private static String ok(String... arguments) {
        CommandRun run = CommandRun.of(arguments);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run.out();
    }

    private static String refused(String... arguments) {
        CommandRun run = CommandRun.of(arguments);
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines()).hasSize(1);
        return run.err();
    }

    private static List<Embedding> embed(String version) throws SQLException {
        ModelRegistry registry = new ModelRegistry(GALLERY.dataSource());
        ModelVersion model = registry.find(version).orElseThrow();
        try (Network network = Network.load(version, registry.weights(model), ComputeDevice.CPU);
                FaceEmbedder embedder = new FaceEmbedder(network, model.inputSide());
                Picture one = SyntheticPictures.noise(160, 160, 1);
                Picture other = SyntheticPictures.blobs(160, 160, 2)) {
            return embedder.embed(List.of(one, other));
        }
    }

    @Test
    void aModelThatIsExportedAndImportedEmbedsAsBefore() throws Exception {
        String file = folder.resolve("model.zip").toString();

        assertThat(ok("models", "export", SHIPPED, file)).contains("Wrote " + file);
        assertThat(ok("models", "import", file)).contains("mobilefacenet-2 is a candidate");

        assertThat(embed("mobilefacenet-2")).isEqualTo(embed(SHIPPED));
        ModelRegistry registry = new ModelRegistry(GALLERY.dataSource());
        assertThat(registry.find("mobilefacenet-2").orElseThrow().calibration())
                .isEqualTo(registry.active().calibration());
    }

    @Test
    void aModelIsPromotedRolledBackAndRetired() {
        String model = folder.resolve("model").toString();
        ok("models", "export", SHIPPED, model);
        ok("models", "import", model);

        assertThat(ok("models", "promote", "mobilefacenet-2")).isEqualTo("mobilefacenet-2 is active.\n");
        assertThat(ok("models", "list"))
                .contains("standby   " + SHIPPED)
                .contains("active    mobilefacenet-2")
                .doesNotContain("lacks");
        assertThat(ok("models", "rollback")).isEqualTo(SHIPPED + " is active.\n");
        assertThat(refused("models", "rollback")).contains("nothing to roll back to");
        assertThat(ok("models", "retire", "mobilefacenet-2")).contains("is retired");
        assertThat(refused("models", "promote", "mobilefacenet-2")).contains("mobilefacenet-2 is retired");
        assertThat(refused("models", "retire", SHIPPED)).contains("is active");
        assertThat(refused("models", "show", "no-such-1")).contains("no model version no-such-1");
    }

    @Test
    void thePairThatShipsIsPromotedByItsName() {
        assertThat(ok("models", "promote", "mobilefacenet-pair")).isEqualTo("mobilefacenet-pair-1 is active.\n");
    }

    @Test
    void thePairIsOneVersionHoweverOftenItIsPromoted() throws Exception {
        ok("models", "promote", "mobilefacenet-pair");
        ok("models", "rollback");

        assertThat(ok("models", "promote", "mobilefacenet-pair")).isEqualTo("mobilefacenet-pair-1 is active.\n");
        assertThat(new ModelRegistry(GALLERY.dataSource()).live()).hasSize(2);
    }

    @Test
    void withoutACalibrationTheImportSaysWhatThatMeans() throws Exception {
        Path model = folder.resolve("model");
        ok("models", "export", SHIPPED, model.toString());
        Path json = model.resolve("facestream.json");
        Files.writeString(
                json,
                """
                {"schemaVersion": 1, "architecture": "elsewhere", "mirrorAveraging": false, "threshold": 1.05,
                 "input": {"side": 112, "crop": 112, "type": "uint8", "channels": "RGB",
                 "preprocessing": "in-network"}}""");

        assertThat(ok("models", "import", model.toString()))
                .contains("elsewhere-1 is a candidate")
                .contains("It has no calibration")
                .contains("1.05");

        Files.writeString(json, Files.readString(json).replace(", \"threshold\": 1.05", ""));
        assertThat(refused("models", "import", model.toString())).contains("a threshold is required");
    }

    @Test
    void aVersionShowsItsTrainingAndDrawsIt() throws Exception {
        new ModelRegistry(GALLERY.dataSource())
                .recordMetrics(
                        SHIPPED,
                        new ModelMetrics(
                                List.of(
                                        new Epoch(1, 0.2, 0.5, 0.8, 1.2, 0.7, 40, null, null),
                                        new Epoch(2, 0.1, 0.3, 0.7, 1.3, 0.75, 41, null, null)),
                                List.of(new Comparison(
                                        "far-camera",
                                        1e-2,
                                        0.63,
                                        0.79,
                                        0.14,
                                        0.18,
                                        List.of(new RocPoint(1e-3, 0.4), new RocPoint(1e-2, 0.63)),
                                        List.of(new RocPoint(1e-3, 0.6), new RocPoint(1e-2, 0.79)))),
                                new CalibrationBasis(
                                        "by 10 people",
                                        List.of(new CalibrationPoint(1e-5, 0.9, 0.85, 0.95, 0.8, 0.75)))));
        Path plots = folder.resolve("plots");

        String shown = ok("models", "show", SHIPPED, "--plots", plots.toString());

        assertThat(shown)
                .contains("epoch 2")
                .contains("loss 0.1000")
                .contains("gain 14.0 to 18.0 points")
                .contains("by 10 people")
                .contains("distance 0.750, extrapolated 0.900 (95 %: 0.850 to 0.950), as often as its base 0.800,"
                        + " by far faces 0.750");
        for (String plot : List.of("loss", "distances", "roc-far-camera")) {
            assertThat(plots.resolve(SHIPPED + "-" + plot + ".svg")).content().contains("<svg");
        }
        JsonNode json = new ObjectMapper().readTree(ok("models", "show", SHIPPED, "--json"));
        assertThat(json.at("/version/version").asText()).isEqualTo(SHIPPED);
        assertThat(json.at("/metrics/epochs/1/loss").asDouble()).isEqualTo(0.1);
    }

    @Test
    void listHasALineOfJsonForEachVersion() throws Exception {
        JsonNode listed = new ObjectMapper().readTree(ok("models", "list", "--json"));

        assertThat(listed.get("version").asText()).isEqualTo(SHIPPED);
        assertThat(listed.get("status").asText()).isEqualTo("ACTIVE");
        assertThat(listed.get("missingSamples").asInt()).isZero();
        assertThat(listed.get("bytes").asInt()).isPositive();
    }
}
