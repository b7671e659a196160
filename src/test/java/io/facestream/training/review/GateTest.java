package io.facestream.training.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.facestream.models.ModelMetrics.Comparison;
import io.facestream.training.review.Gate.Outcome;
import io.facestream.training.review.Gate.Verdict;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GateTest {
    private static final int DIMENSIONS = 16;
    private static final int PEOPLE = 60;
    private static final int PHOTOS = 3;
    private static final double SHARP = 0.12;
    private static final double BLURRED = 0.25;

    private static final List<float[][]> CLEAN = people(PEOPLE, SHARP);
    private static final List<float[][]> FAR = people(PEOPLE, BLURRED);

    private final Gate gate = new Gate(1);

    @Test
    void theSameNetworkIsLeftToAPersonsDecision() {
        Outcome outcome = gate.judge(List.of(clean(CLEAN), far(FAR)));

        assertThat(outcome.verdict()).isEqualTo(Verdict.MANUAL);
        assertThat(outcome.reason())
                .startsWith("no better than its base: clean photos (")
                .endsWith("60 people held back");
        assertThat(outcome.comparisons()).hasSize(2).allSatisfy(comparison -> {
            assertThat(comparison.tar()).isEqualTo(comparison.baseTar());
            assertThat(comparison.gainLow()).isZero();
            assertThat(comparison.gainHigh()).isZero();
        });
    }

    @Test
    void aCandidateThatIsBetterOnAugmentedPhotosIsPromoted() {
        Outcome outcome = gate.judge(List.of(clean(CLEAN), far(people(PEOPLE, SHARP))));

        assertThat(outcome.verdict()).isEqualTo(Verdict.PROMOTED);
        assertThat(outcome.reason()).startsWith("better on far-camera photos (TAR at FAR 1e-2 ");
        Comparison far = outcome.comparisons().get(1);
        assertThat(far.photos()).isEqualTo("far-camera");
        assertThat(far.gainLow()).isPositive().isLessThan(far.tar() - far.baseTar());
        assertThat(far.gainHigh()).isGreaterThan(far.tar() - far.baseTar());
    }

    @Test
    void aCandidateThatIsBetterOnAugmentedPhotosAndWorseOnCleanOnesIsRejected() {
        Outcome outcome = gate.judge(List.of(clean(FAR), far(people(PEOPLE, SHARP))));

        assertThat(outcome.verdict()).isEqualTo(Verdict.REJECTED);
        assertThat(outcome.reason())
                .startsWith("perhaps more than 2 points worse on clean photos (")
                .doesNotContain("far");
    }

    @Test
    void aCollapsedCandidateIsRejected() {
        float[] point = new float[DIMENSIONS];
        point[0] = 1;
        List<float[][]> collapsed = CLEAN.stream()
                .map(photos -> new float[][] {point, point, point})
                .toList();

        Outcome outcome = gate.judge(List.of(clean(collapsed), far(collapsed)));

        assertThat(outcome.verdict()).isEqualTo(Verdict.REJECTED);
        assertThat(outcome.comparisons())
                .allSatisfy(comparison -> assertThat(comparison.tar()).isZero());
    }

    @Test
    void aCandidateWhoseEmbeddingsAreNoneIsRejected() {
        List<float[][]> broken = people(PEOPLE, SHARP);
        broken.get(7)[1][3] = Float.NaN;

        Outcome outcome = gate.judge(List.of(clean(broken)));

        assertThat(outcome.verdict()).isEqualTo(Verdict.REJECTED);
        assertThat(outcome.reason()).contains("clean photos have embeddings that are not of unit length");
    }

    @Test
    void aGainByFewPeopleIsLeftToAPersonsDecision() {
        Outcome outcome = gate.judge(List.of(new HeldBackVectors("clean", people(49, BLURRED), people(49, SHARP))));

        assertThat(outcome.verdict()).isEqualTo(Verdict.MANUAL);
        assertThat(outcome.reason()).startsWith("better on clean").endsWith("49 people held back: fewer than 50");
    }

    @Test
    void fewPeopleAreEnoughToRejectBy() {
        Outcome outcome = gate.judge(List.of(new HeldBackVectors("clean", people(30, SHARP), people(30, BLURRED))));

        assertThat(outcome.verdict()).isEqualTo(Verdict.REJECTED);
    }

    @Test
    void photosThatSupportNoFigureAreTooFew() {
        // 10 people with 3 photos: 405 pairs of different people, of which 1 % is under 5.
        for (int people : new int[] {1, 10}) {
            Outcome outcome =
                    gate.judge(List.of(new HeldBackVectors("clean", people(people, SHARP), people(people, SHARP))));

            assertThat(outcome.verdict()).isEqualTo(Verdict.MANUAL);
            assertThat(outcome.reason())
                    .isEqualTo("the clean photos of " + people
                            + " people held back are too few to measure TAR at FAR 1e-2 with");
            assertThat(outcome.comparisons()).isEmpty();
        }
    }

    @Test
    void theFiguresAreThoseOfCountingEveryPair() {
        Comparison comparison = gate.judge(List.of(clean(FAR))).comparisons().get(0);

        assertThat(comparison.baseTar()).isCloseTo(counted(CLEAN), within(1e-6));
        assertThat(comparison.tar()).isCloseTo(counted(FAR), within(1e-6));
        assertThat(comparison.roc().get(4).far()).isCloseTo(1e-2, within(1e-12));
        assertThat(comparison.roc().get(4).tar()).isEqualTo(comparison.tar());
        assertThat(comparison.baseRoc()).hasSameSizeAs(comparison.roc());
    }

    @Test
    void intervalsArePairedOverPeople() {
        // Every tenth person is hard for both networks; one photo in thirty is better under the candidate.
        List<float[][]> base = people(PEOPLE, SHARP);
        List<float[][]> candidate = people(PEOPLE, SHARP);
        List<float[][]> hard = people(PEOPLE, 1);
        for (int person = 0; person < PEOPLE; person += 10) {
            base.set(person, hard.get(person));
            candidate.set(person, hard.get(person));
        }
        candidate.set(0, people(PEOPLE, SHARP).get(0));

        Comparison comparison = gate.judge(List.of(new HeldBackVectors("clean", base, candidate)))
                .comparisons()
                .get(0);

        // The hard people make each network's own figure uncertain by about 8 points; they are the same in both.
        assertThat(comparison.gainLow()).isGreaterThan(-0.02);
        assertThat(comparison.gainHigh()).isBetween(0.0, 0.08);
    }

    @Test
    void theSameSeedGivesTheSameVerdict() {
        List<HeldBackVectors> photos = List.of(clean(FAR), far(CLEAN));

        assertThat(new Gate(4).judge(photos)).isEqualTo(new Gate(4).judge(photos));
        assertThat(new Gate(5).judge(photos)).isNotEqualTo(new Gate(4).judge(photos));
    }

    @Test
    void differentPhotosUnderTheTwoNetworksAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HeldBackVectors("clean", CLEAN, CLEAN.subList(1, PEOPLE)))
                .withMessage("clean: 60 people under the base, 59 under the candidate");
        List<float[][]> fewer = people(PEOPLE, SHARP);
        fewer.set(3, Arrays.copyOf(fewer.get(3), 2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new HeldBackVectors("clean", CLEAN, fewer))
                .withMessage("clean: of person 3 there are 3 photos under the base, 2 under the candidate");
    }

    private static HeldBackVectors clean(List<float[][]> candidate) {
        return new HeldBackVectors("clean", CLEAN, candidate);
    }

    private static HeldBackVectors far(List<float[][]> candidate) {
        return new HeldBackVectors("far-camera", FAR, candidate);
    }

    private static double counted(List<float[][]> people) {
        double[] impostors = IntStream.range(0, people.size())
                .boxed()
                .flatMapToDouble(i -> IntStream.range(i + 1, people.size())
                        .boxed()
                        .flatMapToDouble(j -> distances(people.get(i), people.get(j), false)))
                .sorted()
                .toArray();
        double threshold = impostors[(int) (impostors.length * 1e-2)];
        return people.stream()
                .mapToDouble(photos -> distances(photos, photos, true)
                        .map(distance -> distance < threshold ? 1 : 0)
                        .average()
                        .getAsDouble())
                .average()
                .getAsDouble();
    }

    private static DoubleStream distances(float[][] first, float[][] second, boolean same) {
        return IntStream.range(0, first.length).boxed().flatMapToDouble(i -> IntStream.range(
                        same ? i + 1 : 0, second.length)
                .mapToDouble(j -> {
                    double squares = 0;
                    for (int d = 0; d < DIMENSIONS; d++) {
                        double difference = first[i][d] - second[j][d];
                        squares += difference * difference;
                    }
                    return Math.sqrt(squares);
                }));
    }

    /** The same people each time, whose photos are scattered around them by a deviation in each coordinate. */
    private static List<float[][]> people(int count, double deviation) {
        Random random = new Random(2);
        return IntStream.range(0, count)
                .mapToObj(person -> {
                    float[] centre = unit(new float[DIMENSIONS], 1, random);
                    return IntStream.range(0, PHOTOS)
                            .mapToObj(photo -> unit(centre, deviation, random))
                            .toArray(float[][]::new);
                })
                .collect(Collectors.toList());
    }

    private static float[] unit(float[] mean, double deviation, Random random) {
        double[] vector = new double[mean.length];
        double squares = 0;
        for (int d = 0; d < mean.length; d++) {
            vector[d] = mean[d] + deviation * random.nextGaussian();
            squares += vector[d] * vector[d];
        }
        float[] unit = new float[mean.length];
        for (int d = 0; d < mean.length; d++) {
            unit[d] = (float) (vector[d] / Math.sqrt(squares));
        }
        return unit;
    }
}
