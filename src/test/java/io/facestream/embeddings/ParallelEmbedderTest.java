package io.facestream.embeddings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.facestream.SyntheticPictures;
import io.facestream.frames.Picture;
import io.facestream.networks.ComputeDevice;
import io.facestream.networks.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParallelEmbedderTest {
    private static final Network NETWORK = Network.shipped(FaceEmbedder.MOBILE_FACE_NET, ComputeDevice.CPU);

    private final ParallelEmbedder embedder = new ParallelEmbedder(3, () -> new FaceEmbedder(NETWORK, 112));

    @AfterEach
    void closeEmbedder() {
        embedder.close();
    }

    @AfterAll
    static void closeNetwork() {
        NETWORK.close();
    }

    private static List<Picture> chips(int count) {
        return IntStream.range(0, count)
                .mapToObj(seed -> SyntheticPictures.blobs(160, 160, seed))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 7, 29})
    void eachChipGetsItsEmbeddingHoweverManyThereAre(int count) {
        List<Picture> chips = chips(count);

        List<Optional<Embedding>> embeddings = embedder.embedEach(chips);

        assertThat(embeddings).hasSize(count);
        try (FaceEmbedder one = new FaceEmbedder(NETWORK, 112)) {
            for (int i = 0; i < count; i++) {
                Embedding alone = one.embed(chips.get(i));
                assertThat(embeddings.get(i).orElseThrow().distance(alone))
                        .as("chip %d", i)
                        .isLessThan(1e-4);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 5})
    void whatFailsOnOneThreadFailsForAllAndTheNextBatchIsEmbedded(int wrong) {
        List<Picture> chips = new ArrayList<>(chips(6));
        chips.set(wrong, SyntheticPictures.blobs(100, 160, 1));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> embedder.embedEach(chips))
                .withMessageContaining("not 100x160");
        assertThat(embedder.embedEach(chips(6))).doesNotContain(Optional.empty());
    }

    @Test
    void oneThreadIsEnough() {
        try (ParallelEmbedder alone = new ParallelEmbedder(1, () -> new FaceEmbedder(NETWORK, 112))) {
            assertThat(alone.embedEach(chips(3))).hasSize(3).doesNotContain(Optional.empty());
        }
    }
}
