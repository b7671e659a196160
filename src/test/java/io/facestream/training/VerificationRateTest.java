package io.facestream.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class VerificationRateTest {
    @Test
    void everyPersonCountsAlikeHoweverManyPairsThereAre() {
        float[][] vectors = {at(0), at(1), at(2), at(90), at(180)};

        double rate = VerificationRate.meanOverPeople(vectors, new int[] {0, 0, 0, 1, 1});

        // the nearest two people are 88 degrees apart: all three pairs of the first are nearer, the one of the second
        // is not
        assertThat(rate).isEqualTo(0.5, within(1e-9));
    }

    @Test
    void onePairInAHundredOfDifferentPeopleIsAccepted() {
        float[][] vectors = new float[42][];
        int[] people = new int[42];
        for (int i = 0; i < 21; i++) {
            vectors[2 * i] = at(i);
            vectors[2 * i + 1] = at(i + 0.4f * (i + 1) / 21);
            people[2 * i] = i;
            people[2 * i + 1] = i;
        }

        // 840 pairs of different people, of which the nearest 20 are less than a degree apart: 8 are accepted
        assertThat(VerificationRate.meanOverPeople(vectors, people)).isEqualTo(1, within(1e-9));
    }

    private static float[] at(double degrees) {
        return new float[] {(float) Math.cos(Math.toRadians(degrees)), (float) Math.sin(Math.toRadians(degrees))};
    }
}
