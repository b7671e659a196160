package io.facestream.evaluation.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import io.facestream.photos.Hardship;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ScoredTest {
    private static final Offset<Double> ROUNDING = within(1e-12);

    private final List<JudgedFace> faces = new ArrayList<>();

    @Test
    void theWorstFacesGoFirst() {
        // By norm: wrong, wrong, right, wrong, right, right, right, right, right, right.
        add(10, false, 12, false, 14, true, 16, false, 18, true, 20, true, 22, true, 24, true, 26, true, 28, true);

        assertThat(errors(0)).isCloseTo(0.3, ROUNDING);
        assertThat(errors(0.2)).isCloseTo(1 / 8.0, ROUNDING);
        assertThat(errors(0.4)).isCloseTo(0, ROUNDING);
    }

    @Test
    void facesOfTheSameScoreAreDiscardedAsAShareOfEach() {
        add(10, false, 10, true, 10, false, 10, true);

        assertThat(errors(0.5)).isCloseTo(0.5, ROUNDING);
    }

    @Test
    void thePersonWhoCountsTwiceHasTwiceTheErrors() {
        add(10, false, 12, true);

        assertThat(scored().errors(new int[] {2, 1}, 0)).isCloseTo(2 / 3.0, ROUNDING);
    }

    @Test
    void aScoreThatKnowsWhoIsTakenWrongHasTheLeastArea() {
        add(10, false, 12, true, 14, false, 16, true);
        Scored perfect = new Scored(faces, faces.size(), face -> face.right() ? 1 : 0);

        assertThat(perfect.area(once())).isLessThan(scored().area(once()));
    }

    @Test
    void aScoreThatIsRightInEveryBinHasNoCalibrationError() {
        for (int i = 0; i < 100; i++) {
            add(20, i % 5 != 0);
        }

        assertThat(new Scored(faces, faces.size(), face -> 0.8).calibrationError(once()))
                .isCloseTo(0, ROUNDING);
    }

    @Test
    void aScoreThatPromisesTooMuchHasTheDifferenceAsItsError() {
        for (int i = 0; i < 100; i++) {
            add(20, i % 5 != 0);
        }

        assertThat(new Scored(faces, faces.size(), face -> 0.9).calibrationError(once()))
                .isCloseTo(0.1, ROUNDING);
    }

    /** Norms, and whether each face was told right, of a person each. */
    private void add(Object... normsAndRights) {
        for (int i = 0; i < normsAndRights.length; i += 2) {
            Quality quality = new Quality(100, 100, 100, new Pose(0, 0, 0), ((Integer) normsAndRights[i]).floatValue());
            faces.add(new JudgedFace(faces.size(), Hardship.NONE, quality, 1, (Boolean) normsAndRights[i + 1]));
        }
    }

    private Scored scored() {
        return new Scored(faces, faces.size(), face -> face.quality().norm());
    }

    private double errors(double discarded) {
        return scored().errors(once(), discarded);
    }

    private int[] once() {
        int[] once = new int[faces.size()];
        Arrays.fill(once, 1);
        return once;
    }
}
