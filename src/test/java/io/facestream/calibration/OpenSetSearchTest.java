package io.facestream.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.facestream.calibration.OpenSetSearch.Search;
import io.facestream.evaluation.SyntheticFaces;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.PhotoSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OpenSetSearchTest {
    private static final int DIMENSIONS = 8;
    private static final PhotoSet NOBODY = new PhotoSet(List.of());

    @Test
    void aTemplateIsTheNormalisedMeanOfTheEnrolledPhotos() {
        // Whichever is left to search for, cosines are 1/2 between two photos, so (1/2 + 1/2) / sqrt(3) to their mean.
        PhotoSet people = new PhotoSet(List.of(
                SyntheticFaces.face("Ada", 1, 1, 1, 0, 0),
                SyntheticFaces.face("Ada", 2, 1, 0, 1, 0),
                SyntheticFaces.face("Ada", 3, 1, 0, 0, 1)));

        List<Search> searches = new OpenSetSearch(people, NOBODY, 2, new Random(1)).mated(1);

        assertThat(searches).hasSize(1);
        assertThat(searches.get(0).right()).isTrue();
        assertThat((double) searches.get(0).nearest()).isCloseTo(Math.sqrt(2 - 2 / Math.sqrt(3)), within(1e-5));
        assertThat(searches.get(0).runnerUp()).isInfinite();
        assertThat(searches.get(0).runnerUpPerson()).isEqualTo(-1);
    }

    @Test
    void nearestAndRunnerUpAreThoseOfComparingWithEveryTemplate() {
        PhotoSet people = new PhotoSet(List.of(
                face("Ada", 1, 0),
                face("Ada", 2, 0),
                SyntheticFaces.face("Bob", 1, SyntheticFaces.awayFromAxis(DIMENSIONS, 0, 1, 0.9)),
                SyntheticFaces.face("Bob", 2, SyntheticFaces.awayFromAxis(DIMENSIONS, 0, 1, 0.9)),
                SyntheticFaces.face("Eve", 1, SyntheticFaces.awayFromAxis(DIMENSIONS, 0, 2, 0.5)),
                SyntheticFaces.face("Eve", 2, SyntheticFaces.awayFromAxis(DIMENSIONS, 0, 2, 0.5))));
        PhotoSet strangers = new PhotoSet(List.of(face("Stranger", 1, 0)));

        OpenSetSearch search = new OpenSetSearch(people, strangers, 1, new Random(1));

        Search stranger = search.nonMated(3).get(0);
        assertThat(stranger.group()).isEqualTo(3);
        assertThat(stranger.nearestPerson()).isZero();
        assertThat(stranger.runnerUpPerson()).isEqualTo(2);
        assertThat((double) stranger.nearest()).isCloseTo(0, within(1e-3));
        assertThat((double) stranger.runnerUp()).isCloseTo(0.5, within(1e-5));
        assertThat(stranger.right()).isFalse();
        assertThat(search.mated(3)).hasSize(3).allMatch(Search::right);
    }

    @Test
    void aSmallerGalleryHoldsSomeOfThePeopleAndOnlyTheyAreSearchedFor() {
        List<EmbeddedPhoto> photos = new ArrayList<>();
        for (int person = 0; person < 4; person++) {
            photos.add(face("P" + person, 1, person));
            photos.add(face("P" + person, 2, person));
            photos.add(face("P" + person, 3, person));
        }
        OpenSetSearch search = new OpenSetSearch(
                new PhotoSet(photos), new PhotoSet(List.of(face("Stranger", 1, 7))), 1, new Random(1));

        for (int size = 1; size <= 4; size++) {
            assertThat(search.templates(size)).isEqualTo(size);
            assertThat(search.mated(size)).hasSize(2 * size).allMatch(Search::right);
            assertThat(search.mated(size).stream().map(Search::group).distinct())
                    .hasSize(size);
            assertThat(search.nonMated(size)).hasSize(1);
        }
    }

    @Test
    void aFaceThatWasNotFoundIsNoPartOfATemplateAndFindsNobody() {
        PhotoSet people = new PhotoSet(List.of(
                SyntheticFaces.undetected("Ada", 1),
                SyntheticFaces.undetected("Ada", 2),
                face("Bob", 1, 0),
                face("Bob", 2, 0)));
        PhotoSet strangers = new PhotoSet(List.of(SyntheticFaces.undetected("Stranger", 1)));

        OpenSetSearch search = new OpenSetSearch(people, strangers, 1, new Random(1));

        assertThat(search.templates(2)).isEqualTo(1);
        assertThat(search.mated(2)).hasSize(2);
        Search ada = search.mated(2).get(0);
        assertThat(ada.detected()).isFalse();
        assertThat(ada.right()).isFalse();
        assertThat(ada.nearest()).isNaN();
        assertThat(search.mated(2).get(1).right()).isTrue();
        assertThat(search.nonMated(2).get(0).detected()).isFalse();
    }

    private static EmbeddedPhoto face(String name, int number, int axis) {
        return SyntheticFaces.face(name, number, SyntheticFaces.axis(DIMENSIONS, axis));
    }
}
