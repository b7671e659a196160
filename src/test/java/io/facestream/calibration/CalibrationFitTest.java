package io.facestream.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.facestream.evaluation.SyntheticFaces;
import io.facestream.photos.EmbeddedPhoto;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CalibrationFitTest {
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tooFewFacesAreRefusedByWhatIsMissing(boolean detected) {
        Random random = new Random(1);
        List<EmbeddedPhoto> photos = new ArrayList<>();
        for (int person = 0; person < 24; person++) {
            for (int number = 0; number < (person % 2 == 0 ? 5 : 1); number++) {
                photos.add(
                        detected
                                ? SyntheticFaces.face(
                                        "P" + person, number, SyntheticFaces.around(new float[8], 1, random))
                                : SyntheticFaces.undetected("P" + person, number));
            }
        }

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CalibrationFit(photos, List.of(photos), 0.25f, 1).report())
                .withMessageStartingWith("too few faces to calibrate with: ");
    }

    @Test
    void halfOfThePhotosAreDegradedAlsoWhereEverybodyHasButOne() {
        long degraded = IntStream.range(0, 1_000)
                .mapToObj(person -> "P" + person + "/P" + person + "_0001.jpg")
                .filter(CalibrationFit::isDegraded)
                .count();

        assertThat(degraded).isBetween(400L, 600L);
    }

    @Test
    void peopleWhoCannotBeBothEnrolledAndSearchedForAreTooFew() {
        List<EmbeddedPhoto> photos = List.of(SyntheticFaces.face("Ada", 1, 1, 0), SyntheticFaces.face("Bob", 1, 0, 1));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CalibrationFit(photos, List.of(photos), 0.25f, 1).report())
                .withMessageStartingWith("too few people to calibrate with: ");
    }
}
