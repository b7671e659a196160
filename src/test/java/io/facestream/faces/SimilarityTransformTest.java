package io.facestream.faces;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class SimilarityTransformTest {
    private static final List<Point> POINTS =
            List.of(new Point(30, 40), new Point(70, 42), new Point(50, 60), new Point(35, 80), new Point(66, 81));

    @Test
    void aKnownTransformIsRecovered() {
        double angle = Math.toRadians(25);
        SimilarityTransform known = new SimilarityTransform(1.7 * Math.cos(angle), 1.7 * Math.sin(angle), -12, 34);

        SimilarityTransform found = SimilarityTransform.between(
                POINTS, POINTS.stream().map(known::apply).toList());

        assertThat(found.a()).isCloseTo(known.a(), within(1e-5));
        assertThat(found.b()).isCloseTo(known.b(), within(1e-5));
        assertThat(found.tx()).isCloseTo(known.tx(), within(1e-3));
        assertThat(found.ty()).isCloseTo(known.ty(), within(1e-3));
    }

    @Test
    void noNeighbouringTransformFitsBetter() {
        List<Point> target =
                List.of(new Point(31, 47), new Point(64, 40), new Point(53, 57), new Point(39, 80), new Point(60, 77));

        SimilarityTransform best = SimilarityTransform.between(POINTS, target);

        double least = squaredError(best, target);
        for (double step : new double[] {-0.01, 0.01}) {
            assertThat(squaredError(new SimilarityTransform(best.a() + step, best.b(), best.tx(), best.ty()), target))
                    .isGreaterThan(least);
            assertThat(squaredError(new SimilarityTransform(best.a(), best.b() + step, best.tx(), best.ty()), target))
                    .isGreaterThan(least);
            assertThat(squaredError(new SimilarityTransform(best.a(), best.b(), best.tx() + step, best.ty()), target))
                    .isGreaterThan(least);
            assertThat(squaredError(new SimilarityTransform(best.a(), best.b(), best.tx(), best.ty() + step), target))
                    .isGreaterThan(least);
        }
    }

    @Test
    void theInverseTakesEveryPointBack() {
        SimilarityTransform transform = new SimilarityTransform(1.2, -0.7, 30, -4);

        Point back = transform.inverse().apply(transform.apply(new Point(12, 34)));

        assertThat(back.x()).isCloseTo(12, within(1e-4f));
        assertThat(back.y()).isCloseTo(34, within(1e-4f));
        assertThat(transform.inverse().scale()).isCloseTo(1 / transform.scale(), within(1e-9));
    }

    @Test
    void coincidingPointsAreRefused() {
        List<Point> coinciding = List.of(new Point(5, 5), new Point(5, 5));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SimilarityTransform.between(coinciding, POINTS.subList(0, 2)));
    }

    private static double squaredError(SimilarityTransform transform, List<Point> target) {
        double sum = 0;
        for (int i = 0; i < target.size(); i++) {
            Point moved = transform.apply(POINTS.get(i));
            sum += Math.pow(moved.x() - target.get(i).x(), 2)
                    + Math.pow(moved.y() - target.get(i).y(), 2);
        }
        return sum;
    }
}
