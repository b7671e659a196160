package io.facestream.models.conversion;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvertNetworksTest {
    @Test
    void theNetworksThatShipAreWhatTheToolMakesOfTheOriginals(@TempDir Path folder) throws Exception {
        Path originals = Path.of(getClass().getResource("/models/original").toURI());

        ConvertNetworks.main(new String[] {originals.toString(), folder.toString()});

        for (String network : new String[] {"mobilefacenet", "mtcnn-pnet", "mtcnn-rnet", "mtcnn-onet"}) {
            assertThat(Files.readAllBytes(folder.resolve(network + ".zip")))
                    .as(network)
                    .isEqualTo(shipped(network));
        }
    }

    private byte[] shipped(String network) throws IOException {
        try (InputStream zip = getClass().getResourceAsStream("/models/" + network + ".zip")) {
            return zip.readAllBytes();
        }
    }
}
