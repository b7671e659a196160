package io.facestream.embeddings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class EmbeddingTest {
    @Test
    void theOutputOfANetworkIsBroughtToUnitLengthAndItsLengthKept() {
        Embedding embedding = Embedding.ofNetworkOutput(new float[] {3, 0, -4});

        assertThat(embedding.vector()).containsExactly(0.6f, 0, -0.8f);
        assertThat(embedding.norm()).isEqualTo(5);
        assertThat(embedding.dimensions()).isEqualTo(3);
    }

    @Test
    void whatWasStoredComesBackAsItWas() {
        Embedding embedding = Embedding.ofNetworkOutput(new float[] {1, 2, 3});

        assertThat(Embedding.ofUnitVector(embedding.vector(), embedding.norm())).isEqualTo(embedding);
    }

    @Test
    void distancesReachFromZeroToTwo() {
        Embedding east = Embedding.ofNetworkOutput(new float[] {1, 0});
        Embedding north = Embedding.ofNetworkOutput(new float[] {0, 7});
        Embedding west = Embedding.ofNetworkOutput(new float[] {-2, 0});

        assertThat(east.distance(east)).isZero();
        assertThat(east.distance(north)).isCloseTo(Math.sqrt(2), within(1e-6));
        assertThat(east.distance(west)).isEqualTo(2);
    }

    @Test
    void changingAnArrayLaterChangesNoEmbedding() {
        float[] unit = {1, 0};
        Embedding embedding = Embedding.ofUnitVector(unit, 1);
        unit[0] = 9;
        embedding.vector()[1] = 9;

        assertThat(embedding.vector()).containsExactly(1, 0);
    }

    @Test
    void outputsWithoutADirectionAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Embedding.ofNetworkOutput(new float[] {1, Float.NaN}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Embedding.ofNetworkOutput(new float[] {Float.POSITIVE_INFINITY, 1}));
        assertThatIllegalArgumentException().isThrownBy(() -> Embedding.ofNetworkOutput(new float[] {0, 0}));
        assertThatIllegalArgumentException().isThrownBy(() -> Embedding.ofNetworkOutput(new float[0]));
    }

    @Test
    void vectorsThatAreNotOfUnitLengthAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Embedding.ofUnitVector(new float[] {1, 1}, 60))
                .withMessageContaining("1.414");
        assertThatIllegalArgumentException().isThrownBy(() -> Embedding.ofUnitVector(new float[] {1, Float.NaN}, 60));
        assertThatIllegalArgumentException().isThrownBy(() -> Embedding.ofUnitVector(new float[] {1, 0}, 0));
    }

    @Test
    void embeddingsOfDifferentDimensionsAreNotCompared() {
        Embedding flat = Embedding.ofNetworkOutput(new float[] {1, 0});
        Embedding deep = Embedding.ofNetworkOutput(new float[] {1, 0, 0});

        assertThatIllegalArgumentException().isThrownBy(() -> flat.distance(deep));
    }
}
