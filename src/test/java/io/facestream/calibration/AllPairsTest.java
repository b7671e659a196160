package io.facestream.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.facestream.embeddings.Embedding;
import io.facestream.evaluation.SyntheticFaces;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.PhotoSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AllPairsTest {
    private static final int DIMENSIONS = 8;
    private static final int PEOPLE = 30;
    private static final int PHOTOS_OF_EACH = 4;
    private static final int RATES = AllPairs.FALSE_ACCEPT_RATES.length;

    private record Pair(double distance, int first, int second) {}

    @Test
    void ratesAreThoseOfCountingEveryPair() {
        List<EmbeddedPhoto> photos = photos();
        int[] once = new int[PEOPLE];
        Arrays.fill(once, 1);

        AllPairs pairs = new AllPairs(new PhotoSet(photos));

        // 118 of 120 photos have a face; the pairs of one person count all the same.
        assertThat(pairs.genuinePairs()).isEqualTo(PEOPLE * 6);
        assertThat(pairs.impostors()).isEqualTo(118 * 117 / 2 - (PEOPLE - 2) * 6 - 2 * 3);
        assertAsCounted(pairs.tarAtFar(once), photos, once, false);
        assertThat(pairs.supports(1e-3)).isTrue();
        assertThat(pairs.supports(1e-4)).isFalse();
    }

    @Test
    void peopleCountAsOftenAsTheyAreThere() {
        List<EmbeddedPhoto> photos = photos();
        Random random = new Random(4);
        int[] weights = new int[PEOPLE];
        IntStream.range(0, PEOPLE).forEach(i -> weights[random.nextInt(PEOPLE)]++);

        assertAsCounted(new AllPairs(new PhotoSet(photos)).tarAtFar(weights), photos, weights, false);
    }

    @Test
    void withAGalleryEachProbeIsComparedWithTheSamplesOfAllOtherPhotos() {
        List<EmbeddedPhoto> photos = withOtherSamples(photos());
        int[] once = new int[PEOPLE];
        Arrays.fill(once, 1);

        AllPairs pairs = AllPairs.withGallery(new PhotoSet(photos));

        assertThat(pairs.genuinePairs()).isEqualTo(PEOPLE * 12);
        assertThat(pairs.impostors()).isEqualTo(118 * 117 - (PEOPLE - 2) * 12 - 2 * 6);
        assertAsCounted(pairs.tarAtFar(), photos, once, true);
        assertThat(pairs.tarAtFar()).isNotEqualTo(new AllPairs(new PhotoSet(photos)).tarAtFar());
    }

    private static List<EmbeddedPhoto> withOtherSamples(List<EmbeddedPhoto> photos) {
        Random random = new Random(5);
        return photos.stream()
                .map(photo -> photo.detected()
                        ? new EmbeddedPhoto(
                                photo.photo(),
                                photo.quality(),
                                photo.probe(),
                                Embedding.ofNetworkOutput(
                                        SyntheticFaces.around(photo.probe().vector(), 0.1, random)))
                        : photo)
                .toList();
    }

    @Test
    void pairsOfDifferentPeopleAtOneDistanceAreAcceptedTogetherOrNotAtAll() {
        List<EmbeddedPhoto> photos = new ArrayList<>();
        for (int person = 0; person < 10; person++) {
            photos.add(SyntheticFaces.face("P" + person, 1, 1, 0));
            photos.add(SyntheticFaces.face("P" + person, 2, 1, 0));
        }
        int[] once = new int[10];
        Arrays.fill(once, 1);

        double[] tar = new AllPairs(new PhotoSet(photos)).tarAtFar(once);

        assertThat(tar[0]).isZero();
    }

    @Test
    void histogramsHoldEveryPairWithTwoFaces() {
        AllPairs pairs = new AllPairs(new PhotoSet(photos()));

        assertThat(Arrays.stream(pairs.impostorHistogram()).sum()).isEqualTo(pairs.impostors());
        assertThat(Arrays.stream(pairs.genuineHistogram()).sum()).isEqualTo(pairs.genuinePairs() - 2 * 3);
    }

    private static void assertAsCounted(double[] tar, List<EmbeddedPhoto> photos, int[] weights, boolean withGallery) {
        for (int rate = 0; rate < 3; rate++) {
            double[] counted = counted(AllPairs.FALSE_ACCEPT_RATES[rate], photos, weights, withGallery);
            assertThat(tar[rate]).isCloseTo(counted[0], within(1e-6));
            assertThat(tar[RATES + rate]).isCloseTo(counted[1], within(1e-6));
        }
        assertThat(tar[0]).isBetween(0.5, 1.0);
        assertThat(tar[2]).isLessThan(tar[0]);
    }

    /** Over pairs, and as the mean over people. */
    private static double[] counted(double rate, List<EmbeddedPhoto> photos, int[] weights, boolean withGallery) {
        List<Pair> genuine = new ArrayList<>();
        List<Pair> impostors = new ArrayList<>();
        for (int i = 0; i < photos.size(); i++) {
            for (int j = withGallery ? 0 : i + 1; j < photos.size(); j++) {
                if (i == j) {
                    continue;
                }
                int first = i / PHOTOS_OF_EACH;
                int second = j / PHOTOS_OF_EACH;
                boolean detected = photos.get(i).detected() && photos.get(j).detected();
                EmbeddedPhoto seen = photos.get(i);
                double distance = !detected
                        ? Double.POSITIVE_INFINITY
                        : (withGallery ? seen.sample() : seen.probe())
                                .distance(photos.get(j).probe());
                if (first == second) {
                    genuine.add(new Pair(distance, first, second));
                } else if (detected) {
                    impostors.add(new Pair(distance, first, second));
                }
            }
        }
        double all =
                impostors.stream().mapToDouble(pair -> weight(pair, weights)).sum();
        impostors.sort(Comparator.comparingDouble(Pair::distance));
        double sum = 0;
        int nearest = 0;
        while (sum + weight(impostors.get(nearest), weights) <= rate * all) {
            sum += weight(impostors.get(nearest++), weights);
        }
        double threshold = impostors.get(nearest).distance();
        double accepted = 0;
        double pairs = 0;
        double shares = 0;
        for (int person = 0; person < PEOPLE; person++) {
            int of = person;
            long own = genuine.stream().filter(pair -> pair.first() == of).count();
            long near = genuine.stream()
                    .filter(pair -> pair.first() == of && pair.distance() < threshold)
                    .count();
            accepted += weights[person] * near;
            pairs += weights[person] * own;
            shares += (double) weights[person] * near / own;
        }
        return new double[] {accepted / pairs, shares / Arrays.stream(weights).sum()};
    }

    private static double weight(Pair pair, int[] weights) {
        return (double) weights[pair.first()] * weights[pair.second()];
    }

    private static List<EmbeddedPhoto> photos() {
        Random random = new Random(3);
        List<EmbeddedPhoto> photos = new ArrayList<>();
        for (int person = 0; person < PEOPLE; person++) {
            float[] mean = SyntheticFaces.around(new float[DIMENSIONS], 1, random);
            for (int i = 0; i < PHOTOS_OF_EACH; i++) {
                float[] vector = SyntheticFaces.around(mean, 0.5, random);
                boolean detected = i > 0 || person > 1;
                photos.add(
                        detected
                                ? SyntheticFaces.face("P" + person, i, vector)
                                : SyntheticFaces.undetected("P" + person, i));
            }
        }
        return photos;
    }

    @Test
    void everyPersonCountsAlikeHoweverManyPairsThereAre() {
        float[][] vectors = {at(0), at(1), at(2), at(90), at(180)};

        double rate = new AllPairs(vectors, new int[] {0, 0, 0, 1, 1}).tarOverPeople(1e-2);

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
        assertThat(new AllPairs(vectors, people).tarOverPeople(1e-2)).isEqualTo(1, within(1e-9));
    }

    private static float[] at(double degrees) {
        return new float[] {(float) Math.cos(Math.toRadians(degrees)), (float) Math.sin(Math.toRadians(degrees))};
    }
}
