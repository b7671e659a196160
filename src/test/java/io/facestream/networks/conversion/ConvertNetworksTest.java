package io.facestream.networks.conversion;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvertNetworksTest {
    @Test
    void theNetworksThatShipAreWhatTheToolMakesOfTheOriginals(@TempDir Path folder) throws Exception {
        Path originals = Path.of(getClass().getResource("/models/original").toURI());

        String from = originals.toString();

        ConvertNetworks.main(new String[] {from, from, from, folder.toString()});

        for (String network : new String[] {
            "mobilefacenet", "mobilefacenet-pair", "mtcnn-pnet", "mtcnn-rnet", "mtcnn-onet", "rfb", "liveness"
        }) {
            assertThat(Files.readAllBytes(folder.resolve(network + ".zip")))
                    .as(network)
                    .isEqualTo(shipped(network).readAllBytes());
        }
        for (String compressed : new String[] {"ssd", "landmarks-68"}) {
            assertThat(unpacked(Files.newInputStream(folder.resolve(compressed + ".zip"))))
                    .as(compressed)
                    .isEqualTo(unpacked(shipped(compressed)));
        }
    }

    private InputStream shipped(String network) {
        return getClass().getResourceAsStream("/models/" + network + ".zip");
    }

    private static byte[] unpacked(InputStream zip) throws IOException {
        try (ZipInputStream entries = new ZipInputStream(zip)) {
            assertThat(entries.getNextEntry().getName()).isEqualTo("saved_model.pb");
            return entries.readAllBytes();
        }
    }
}
