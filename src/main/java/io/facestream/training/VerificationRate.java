package io.facestream.training;

import java.util.Arrays;

/** How many pairs of photos of one person are accepted at the distance at which 1 % of pairs of different people are. */
final class VerificationRate {
    private static final double FALSE_ACCEPT_RATE = 1e-2;

    private VerificationRate() {}

    /**
     * TAR at FAR 1e-2 as the mean over people.
     *
     * @param unitVectors of photos
     * @param people whom each shows; everyone in two at least, and two of them at least
     */
    static double meanOverPeople(float[][] unitVectors, int[] people) {
        float[] impostors = new float[people.length * (people.length - 1) / 2];
        int count = 0;
        for (int i = 0; i < people.length; i++) {
            for (int j = i + 1; j < people.length; j++) {
                if (people[i] != people[j]) {
                    impostors[count++] = product(unitVectors[i], unitVectors[j]);
                }
            }
        }
        Arrays.sort(impostors, 0, count);
        float threshold = impostors[count - 1 - (int) (FALSE_ACCEPT_RATE * count)];
        return meanOfShares(unitVectors, people, threshold);
    }

    private static double meanOfShares(float[][] unitVectors, int[] people, float threshold) {
        int count = Arrays.stream(people).max().orElseThrow() + 1;
        double[] genuine = new double[count];
        double[] pairs = new double[count];
        for (int i = 0; i < people.length; i++) {
            for (int j = i + 1; j < people.length; j++) {
                if (people[i] == people[j]) {
                    pairs[people[i]]++;
                    genuine[people[i]] += product(unitVectors[i], unitVectors[j]) > threshold ? 1 : 0;
                }
            }
        }
        double sum = 0;
        for (int person = 0; person < count; person++) {
            sum += genuine[person] / pairs[person];
        }
        return sum / count;
    }

    /** Of unit vectors; the greater, the nearer they are. */
    private static float product(float[] first, float[] second) {
        float product = 0;
        for (int i = 0; i < first.length; i++) {
            product += first[i] * second[i];
        }
        return product;
    }
}
