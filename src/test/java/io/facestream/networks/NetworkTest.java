package io.facestream.networks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

class NetworkTest {
    @Test
    void aNetworkThatDoesNotShipIsRefusedByName() {
        assertThatThrownBy(() -> Network.shipped("eigenfaces", ComputeDevice.CPU))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("eigenfaces");
    }

    @Test
    void bytesThatAreNoSavedModelAreRefused() {
        assertThatThrownBy(() -> Network.load("text", "no zip at all".getBytes(UTF_8), ComputeDevice.CPU))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("text");
        assertThatThrownBy(() -> Network.load("garbage", zip("saved_model.pb", "garbage"), ComputeDevice.CPU))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("garbage");
    }

    @Test
    void anArchiveCannotWriteOutsideItsFolder() {
        assertThatThrownBy(() -> Network.load("escape", zip("../escaped", "content"), ComputeDevice.CPU))
                .isInstanceOf(IllegalArgumentException.class)
                .rootCause()
                .hasMessageContaining("../escaped");
    }

    @Test
    void nothingIsLeftOnDiskOnceANetworkIsLoaded() {
        List<Path> before = scratchFolders();
        Network network = Network.shipped("mtcnn-pnet", ComputeDevice.CPU);
        assertThatThrownBy(() -> Network.load("garbage", zip("saved_model.pb", "garbage"), ComputeDevice.CPU))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(scratchFolders()).isEqualTo(before);
        network.close();
    }

    @Test
    void aGpuThatIsNotThereIsAnErrorAndNoReasonToUseTheCpu() {
        assumeFalse(NativeLibraries.tensorFlow().hasCapability("CUDA"), "this machine has a GPU");

        assertThatThrownBy(() -> Network.shipped("mtcnn-pnet", ComputeDevice.GPU))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no GPU was found");
        Network.shipped("mtcnn-pnet", ComputeDevice.AUTO).close();
    }

    private static byte[] zip(String entry, String content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(entry));
            zip.write(content.getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static List<Path> scratchFolders() {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith(Network.SCRATCH))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
