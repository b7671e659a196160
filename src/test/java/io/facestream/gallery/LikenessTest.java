package io.facestream.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** At a threshold of 1 and a separation of 0.05. */
class LikenessTest {
    @Test
    void whoHasNoPhotoYetIsTakenForWhoeverIsWithinTheThreshold() {
        assertThat(first(0.61f).isSomebodyElse()).isTrue();
        assertThat(first(0.61f).looksLike()).hasValue("looks like Bob (0.61)");
        assertThat(first(1f).isSomebodyElse()).isTrue();
        assertThat(first(1.01f).isSomebodyElse()).isFalse();
        assertThat(first(1.01f).looksLike()).isEmpty();
    }

    @Test
    void aPhotoThatIsNearerToItsOwnPersonIsTheirsAndTheOtherOneIsTold() {
        assertThat(of(0.5f, 0.56f).isSomebodyElse()).isFalse();
        assertThat(of(0.5f, 0.56f).looksLike())
                .hasValue("looks like Bob (0.56), but more like the person's own photos");
        assertThat(of(0.5f, 0.54f).isSomebodyElse()).isTrue();
        assertThat(of(0.9f, 0.6f).isSomebodyElse()).isTrue();
    }

    @Test
    void onlyTheSamePictureWouldGiveTwoPeopleOneTemplate() {
        assertThat(first(0).sharesTemplate()).isTrue();
        assertThat(first(0.002f).sharesTemplate()).as("as a JPEG").isFalse();
        assertThat(of(0.5f, 0).sharesTemplate())
                .as("the mean of several photos")
                .isFalse();
    }

    @Test
    void aPhotoThatIsFarFromAllOfItsPersonsIsUnlikeThem() {
        Likeness far =
                new Likeness(1, 0.05f, Optional.of(1.2f), Optional.of(1.31f), Optional.of(0.8f), Optional.empty());

        assertThat(far.isUnlikeOthers(1.3f)).isTrue();
        assertThat(far.isUnlikeOthers(1.32f)).isFalse();
        assertThat(far.unlikeOthers("Ada"))
                .isEqualTo("unlike Ada's other photos (the nearest is at distance 1.31;"
                        + " they lie within 0.80 of each other)");
    }

    @Test
    void aFirstPhotoIsUnlikeNothing() {
        assertThat(first(1.5f).isUnlikeOthers(0)).isFalse();
    }

    private static Likeness first(float other) {
        return new Likeness(1, 0.05f, Optional.empty(), Optional.empty(), Optional.empty(), bob(other));
    }

    private static Likeness of(float own, float other) {
        return new Likeness(1, 0.05f, Optional.of(own), Optional.of(own), Optional.empty(), bob(other));
    }

    private static Optional<Neighbour> bob(float distance) {
        return Optional.of(new Neighbour(new UUID(0, 1), "Bob", distance));
    }
}
