package io.facestream.models;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.messaging.Sha256;
import io.facestream.networks.NetworkProbe;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelPackageTest {
    @TempDir
    private Path folder;

    private static ModelVersion version(byte[] weights, int dimensions) {
        ModelVersion shipped = ShippedModel.version(weights);
        return new ModelVersion(
                "variant-7",
                "variant",
                dimensions,
                shipped.inputSide(),
                true,
                ModelVersion.Status.ACTIVE,
                0.9f,
                0.04f,
                shipped.calibration(),
                Sha256.hex(weights));
    }

    private Path written(byte[] weights, int dimensions) throws Exception {
        Path file = folder.resolve("model.zip");
        ModelPackage.write(version(weights, dimensions), weights, file);
        return file;
    }

    private Path unpacked() throws Exception {
        byte[] weights = ShippedModel.weights();
        Path model = folder.resolve("model");
        ModelPackage.write(version(weights, 192), weights, model);
        return model;
    }

    @Test
    void whatWasWrittenIsReadWithAllThatTheVersionSays() throws Exception {
        byte[] weights = ShippedModel.weights();
        for (String name : new String[] {"model.zip", "model"}) {
            ModelPackage.write(version(weights, 192), weights, folder.resolve(name));

            ModelCandidate candidate = ModelPackage.read(folder.resolve(name));

            assertThat(candidate.architecture()).isEqualTo("variant");
            assertThat(candidate.inputSide()).isEqualTo(112);
            assertThat(candidate.mirrorAveraging()).isTrue();
            assertThat(candidate.threshold()).isEqualTo(0.9f);
            assertThat(candidate.separation()).isEqualTo(0.04f);
            assertThat(candidate.calibration())
                    .isEqualTo(ShippedModel.version(weights).calibration());
        }
        assertThat(folder.resolve("model/saved_model.pb")).exists();
    }

    @Test
    void nothingIsOverwritten() throws Exception {
        Path file = Files.writeString(folder.resolve("model.zip"), "mine");

        assertThatThrownBy(() -> ModelPackage.write(version(ShippedModel.weights(), 192), ShippedModel.weights(), file))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(file).hasContent("mine");
    }

    @Test
    void fewerDimensionsArePossibleButNotOtherThanItSays() throws Exception {
        byte[] narrow = TestNetworks.narrow(64);
        Path right = folder.resolve("right.zip");
        ModelPackage.write(version(narrow, 64), narrow, right);
        assertThat(ModelPackage.read(right).inputSide()).isEqualTo(112);

        assertThatThrownBy(() -> ModelPackage.read(written(narrow, 192)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("yields 64 dimensions")
                .hasMessageContaining("says 192");
    }

    @Test
    void aNetworkThatEmbedsNothingIsRefused() throws Exception {
        assertThatThrownBy(() -> ModelPackage.read(written(TestNetworks.allZero(), 192)))
                .hasMessageContaining("embedding of length 0.0");
    }

    @Test
    void aNetworkThatYieldsNoNumbersOrAlwaysTheSameIsRefused() throws Exception {
        assertThatThrownBy(() -> ModelPackage.read(written(TestNetworks.notANumber(), 192)))
                .hasMessageContaining("embedding of length NaN");
        Files.delete(folder.resolve("model.zip"));
        assertThatThrownBy(() -> ModelPackage.read(written(TestNetworks.constant(), 192)))
                .hasMessageContaining("the same embedding for different pictures");
    }

    @Test
    void aNetworkThatYieldsNothingForABlackChipIsRefused() throws Exception {
        assertThatThrownBy(() -> ModelPackage.read(written(TestNetworks.zeroForBlack(), 192)))
                .hasMessageContaining("shown black")
                .hasMessageContaining("embedding of length 0.0");
    }

    @Test
    void aNetworkThatIsBrokenInsideIsRefusedThoughItsEmbeddingsAreFinite() throws Exception {
        assertThatThrownBy(() -> ModelPackage.read(written(TestNetworks.notANumberInAWeight(), 192)))
                .hasMessageContaining("constant weight holds numbers that are not finite");
        Files.delete(folder.resolve("model.zip"));
        assertThatThrownBy(() -> ModelPackage.read(written(TestNetworks.notANumberInside(), 192)))
                .hasMessageContaining("operation inside holds numbers that are not finite");
    }

    @Test
    void anInputOfAnotherSizeIsRefused() throws Exception {
        Path model = unpacked();
        Path json = model.resolve("facestream.json");
        Files.writeString(json, Files.readString(json).replace("\"side\":112,\"crop\":112", "\"side\":96,\"crop\":96"));

        assertThatThrownBy(() -> ModelPackage.read(model))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("takes uint8 [-1, 112, 112, 3], not uint8 [-1, 96, 96, 3]");
    }

    @Test
    void preprocessingThatIsNotInTheNetworkIsRefused() throws Exception {
        Path model = unpacked();
        Path json = model.resolve("facestream.json");
        Files.writeString(json, Files.readString(json).replace("in-network", "minus-mean"));

        assertThatThrownBy(() -> ModelPackage.read(model))
                .hasMessageContaining("minus-mean")
                .hasMessageContaining("normalise inside the network");
    }

    @Test
    void whatIsNoModelIsRefusedByName() throws Exception {
        assertThatThrownBy(() -> ModelPackage.read(Files.writeString(folder.resolve("text"), "no zip")))
                .hasMessageContaining("has no facestream.json");
        Path model = unpacked();
        Files.write(model.resolve("saved_model.pb"), "no graph at all".getBytes(UTF_8));
        assertThatThrownBy(() -> ModelPackage.read(model)).hasMessageContaining("is not a SavedModel");
        Files.delete(model.resolve("saved_model.pb"));
        assertThatThrownBy(() -> ModelPackage.read(model)).hasMessageContaining("has no saved_model.pb");
        Files.writeString(model.resolve("facestream.json"), "{");
        Files.write(model.resolve("saved_model.pb"), new byte[0]);
        assertThatThrownBy(() -> ModelPackage.read(model)).hasMessageContaining("not valid JSON of a ModelDescription");
    }

    @Test
    void aNetworkThatCannotRecogniseFacesDoesNotBecomeACandidateByAnyPath() {
        // The last convolution, 7 wide, finds 2 x 2 places on the 8 x 8 that 128 pixels leave. With fewer than 7, what
        // TensorFlow yields depends on the machine.
        assertThatThrownBy(() -> NetworkProbe.dimensions("variant", TestNetworks.reversed(), 128))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("12 embeddings of 3 pictures, and 4 of one");
        assertThatThrownBy(() -> NetworkProbe.dimensions("variant", "text".getBytes(UTF_8), 112))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
