package io.facestream.faces;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.faces.NonMaximumSuppression.Overlap;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class NonMaximumSuppressionTest {
    private static final Box FACE = new Box(10, 10, 40, 40);
    private static final Box NEARLY_THE_SAME = new Box(14, 10, 40, 40);
    private static final Box ELSEWHERE = new Box(200, 10, 40, 40);
    private static final Box INSIDE = new Box(20, 20, 15, 15);

    @Test
    void theEarlierOfTwoOverlappingBoxesStays() {
        assertThat(suppress(List.of(FACE, ELSEWHERE, NEARLY_THE_SAME), Overlap.OF_UNION))
                .containsExactly(FACE, ELSEWHERE);
        assertThat(suppress(List.of(NEARLY_THE_SAME, FACE), Overlap.OF_UNION)).containsExactly(NEARLY_THE_SAME);
    }

    @Test
    void aBoxThatWasDroppedDropsNoOther() {
        Box neighbourOfNeighbour = new Box(20, 10, 40, 40);

        assertThat(suppress(List.of(FACE, NEARLY_THE_SAME, neighbourOfNeighbour), Overlap.OF_UNION))
                .containsExactly(FACE, neighbourOfNeighbour);
    }

    @Test
    void aSmallBoxInsideALargeOneGoesWhereOverlapIsMeasuredByTheSmaller() {
        assertThat(suppress(List.of(FACE, INSIDE), Overlap.OF_UNION)).containsExactly(FACE, INSIDE);
        assertThat(suppress(List.of(FACE, INSIDE), Overlap.OF_SMALLER)).containsExactly(FACE);
    }

    private static List<Box> suppress(List<Box> boxes, Overlap overlap) {
        return NonMaximumSuppression.suppress(boxes, Function.identity(), overlap, 0.7f);
    }
}
