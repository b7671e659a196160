package io.facestream.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.facestream.evaluation.SyntheticFaces;
import io.facestream.photos.EmbeddedPhoto;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FalseMatchCurveTest {
    /** Of points spread evenly on a sphere in space a share of d^2 / 4 lies within d of one (Archimedes). */
    private static final List<EmbeddedPhoto> ON_A_SPHERE = onASphere(600, 1);

    @Test
    void ratesOfPointsOnASphereAreThoseOfGeometryWhereTheyAreCountedAndWhereNot() {
        FalseMatchCurve curve = new FalseMatchCurve(ON_A_SPHERE, 0);

        assertThat(curve.comparisons()).isEqualTo(600 * 599);
        assertThat(curve.tailShare()).isEqualTo(1e-2);
        assertThat(curve.distance(1e-1)).isCloseTo(2 * Math.sqrt(1e-1), within(0.01));
        assertThat(curve.distance(1e-2)).isCloseTo(2 * Math.sqrt(1e-2), within(0.005));
        assertThat(curve.distance(1e-3)).isCloseTo(2 * Math.sqrt(1e-3), within(0.005));
        assertThat(curve.distance(1e-4)).isCloseTo(2 * Math.sqrt(1e-4), within(0.01));
        assertThat(curve.distance(1e-5)).isCloseTo(2 * Math.sqrt(1e-5), within(0.01));
    }

    @Test
    void fewerComparisonsHaveALargerTail() {
        assertThat(new FalseMatchCurve(onASphere(120, 1), 0).tailShare()).isBetween(0.02, 0.05);
        assertThat(new FalseMatchCurve(onASphere(20, 1), 0).tailShare()).isEqualTo(0.1);
    }

    @Test
    void intervalsHoldTheTruthAndAreTheSameForTheSameSeed() {
        FalseMatchCurve curve = new FalseMatchCurve(onASphere(150, 2), 0);
        double[] rates = {1e-3, 1e-4};

        double[][] intervals = curve.intervals(rates, 3);

        assertThat(intervals[0][0]).isLessThan(2 * Math.sqrt(1e-3));
        assertThat(intervals[0][1]).isGreaterThan(2 * Math.sqrt(1e-3)).isLessThan(0.15);
        assertThat(intervals[1][0]).isLessThan(intervals[0][0]);
        assertThat(curve.intervals(rates, 3)).isDeepEqualTo(intervals);
        assertThat(curve.intervals(rates, 4)).isNotEqualTo(intervals);
    }

    @Test
    void theDistanceWithinWhichAreAsManyIsHalfWhereAllDistancesAreHalved() {
        FalseMatchCurve base = new FalseMatchCurve(ON_A_SPHERE, 0);
        FalseMatchCurve halved = new FalseMatchCurve(
                ON_A_SPHERE.stream().map(FalseMatchCurveTest::halved).toList(), 0);

        for (double distance : new double[] {1, 0.3, 0.1, 0.02, 0.001}) {
            assertThat(halved.distanceAsOften(base, distance)).isCloseTo(distance / 2, within(1e-3));
            assertThat(base.distanceAsOften(base, distance)).isCloseTo(distance, within(1e-3));
        }
    }

    @Test
    void facesOfOnePersonOrAllAlikeHaveNoCurve() {
        List<EmbeddedPhoto> alike = IntStream.range(0, 30)
                .mapToObj(i -> SyntheticFaces.face("P" + i, 1, 1, 0))
                .toList();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FalseMatchCurve(alike.subList(0, 1), 0))
                .withMessageContaining("two people, not 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new FalseMatchCurve(alike, 0))
                .withMessageContaining("all alike");
    }

    private static List<EmbeddedPhoto> onASphere(int people, long seed) {
        Random random = new Random(seed);
        return IntStream.range(0, people)
                .mapToObj(i -> SyntheticFaces.face("P" + i, 1, SyntheticFaces.around(new float[3], 1, random)))
                .toList();
    }

    /** With a coordinate in which all are equal, and the others halved. */
    private static EmbeddedPhoto halved(EmbeddedPhoto photo) {
        float[] vector = photo.probe().vector();
        return SyntheticFaces.face(
                photo.photo().name(), 1, vector[0] / 2, vector[1] / 2, vector[2] / 2, (float) Math.sqrt(0.75));
    }
}
