package io.facestream.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerConfigurationTest {
    @ParameterizedTest
    @CsvSource({"512, 128", "1024, 128", "24000, 3000", "131072, 4096"})
    void sharedBuffersAreAnEighthOfTheMemoryWithinBounds(long memory, long buffers) {
        assertThat(ServerConfiguration.sharedBuffersMegabytes(memory)).isEqualTo(buffers);
    }
}
