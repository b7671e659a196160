package io.facestream.evaluation.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.facestream.evaluation.SearchedFor;
import io.facestream.evaluation.groups.Differential.Group;
import io.facestream.evaluation.groups.Differential.Kind;
import io.facestream.photos.LabelledPhotos.Photo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class DifferentialTest {
    private static final Offset<Double> ROUNDING = within(1e-12);

    private final List<SearchedFor> searches = new ArrayList<>();

    @Test
    void eachGroupHasTheRatesOfItsOwnSearches() {
        people(0, 100, 20);
        people(100, 200, 10);
        strangers(200, 300, 5);

        Map<String, Group> groups = byCamera().groups();

        assertThat(groups.get("0").rates().get("fnir")).isCloseTo(0.2, ROUNDING);
        assertThat(groups.get("1").rates().get("fnir")).isCloseTo(0.1, ROUNDING);
        assertThat(groups.get("2").rates()).containsEntry("fnir", null);
        assertThat(groups.get("2").rates().get("fpir")).isCloseTo(0.05, ROUNDING);
    }

    @Test
    void aGroupIsComparedWithAllOthersTogether() {
        people(0, 100, 20);
        people(100, 200, 10);
        people(200, 300, 0);

        assertThat(byCamera().groups().get("0").toOthers().get("fnir")).isCloseTo(0.2 / 0.05, ROUNDING);
    }

    @Test
    void theLargestRatioIsThatOfTheWorstGroupToTheBest() {
        people(0, 100, 20);
        people(100, 200, 10);
        people(200, 300, 5);

        assertThat(byCamera().largestRatio().get("fnir")).isCloseTo(4, ROUNDING);
    }

    @Test
    void aGroupInWhichUnderFiveErrorsAreExpectedDoesNotCountInTheLargestRatio() {
        people(0, 100, 20);
        people(100, 200, 10);
        people(200, 220, 10);

        // 40 errors in 220 searches: 3.6 are expected in the third.
        assertThat(byCamera().largestRatio().get("fnir")).isCloseTo(2, ROUNDING);
    }

    @Test
    void drawingsOfTheSameSearchesAreNoFurtherErrors() {
        for (int drawing = 0; drawing < 2; drawing++) {
            people(0, 100, 4);
            people(100, 200, 2);
        }

        Kind kind = Differential.ofSearches(searches.stream(), search -> Map.of("camera", camera(search)), 300, 2, 1)
                .by()
                .get("camera");

        assertThat(kind.largestRatio()).containsEntry("fnir", null);
    }

    @Test
    void withoutAnErrorInAGroupThereIsNoLargestRatio() {
        people(0, 100, 20);
        people(100, 200, 0);

        assertThat(byCamera().largestRatio()).containsEntry("fnir", null);
    }

    @Test
    void whatIsNotLabelledDoesNotCount() {
        people(0, 100, 20);

        assertThat(Differential.ofSearches(searches.stream(), search -> Map.of(), 100, 1, 1)
                        .by())
                .isEmpty();
    }

    @Test
    void theIntervalsLieAroundTheRates() {
        people(0, 100, 20);
        people(100, 200, 10);

        Map<String, double[]> intervals = report().intervals();

        assertThat(intervals.get("camera.0.rates.fnir")[0]).isBetween(0.1, 0.2);
        assertThat(intervals.get("camera.0.rates.fnir")[1]).isBetween(0.2, 0.3);
        assertThat(intervals.get("camera.0.toOthers.fnir")[0]).isLessThan(2);
        assertThat(intervals.get("camera.0.toOthers.fnir")[1]).isGreaterThan(2);
        assertThat(intervals).containsKey("camera.largestRatio.fnir");
    }

    private Differential.Report report() {
        return Differential.ofSearches(searches.stream(), search -> Map.of("camera", camera(search)), 300, 1, 1);
    }

    private Kind byCamera() {
        return report().by().get("camera");
    }

    private static String camera(SearchedFor search) {
        return Integer.toString(search.person() / 100);
    }

    /** One search each, the first of which fail. */
    private void people(int from, int to, int wrong) {
        add(from, to, wrong, true);
    }

    private void strangers(int from, int to, int wrong) {
        add(from, to, wrong, false);
    }

    private void add(int from, int to, int wrong, boolean enrolled) {
        for (int person = from; person < to; person++) {
            Photo photo = new Photo("P" + person, Path.of("P" + person, "1.jpg"));
            searches.add(new SearchedFor(photo, person, enrolled, person - from < wrong));
        }
    }
}
