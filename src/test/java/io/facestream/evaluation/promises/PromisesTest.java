package io.facestream.evaluation.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.facestream.embeddings.Embedding;
import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.LabelledPhotos.Photo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PromisesTest {
    private static final int DIMENSIONS = 24;

    private final Random random = new Random(1);

    @Test
    void whatIsPromisedForPeopleDrawnAlikeHolds() {
        Promises.Report report = new Promises(people(240, 6), 0.05f, 1, () -> {}).report();

        assertThat(report.realOverPromised().get("1e-3, 1 photo")).isBetween(0.7, 1.4);
    }

    @Test
    void aGalleryThatAThirdCannotFillIsNotReported() {
        Promises.Report report = new Promises(people(150, 3), 0.05f, 1, () -> {}).report();

        assertThat(report.fpir()).containsOnlyKeys("32 people, 1 photo", "32 people, 3 photos");
    }

    @Test
    void theSameSeedGivesTheSameFigures() {
        List<EmbeddedPhoto> photos = people(90, 5);

        assertThat(new Promises(photos, 0.05f, 3, () -> {}).report().realOverPromised())
                .isEqualTo(new Promises(photos, 0.05f, 3, () -> {}).report().realOverPromised());
    }

    @Test
    void progressIsToldAfterEachThird() {
        AtomicInteger steps = new AtomicInteger();

        new Promises(people(90, 2), 0.05f, 1, steps::incrementAndGet);

        assertThat(steps.get()).isEqualTo(Promises.STEPS);
    }

    @Test
    void tooFewPeopleAreRefused() {
        List<Photo> photos = people(59, 1).stream().map(EmbeddedPhoto::photo).toList();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Promises.check(photos))
                .withMessageContaining("60 people, not of 59");
    }

    @Test
    void aPersonWhoCountsTwiceIsComparedTwiceWithEverybodyElse() {
        MatchTally tally = new MatchTally();
        // Two photos of person 0, one of 1, three of 2; the latter two have templates.
        tally.begin(new int[] {2, 1, 3}, new int[] {1, 2});
        tally.add(0, 1);
        tally.add(2, 1);

        assertThat(tally.share(new int[] {2, 1, 1})).isEqualTo(3.0 / 12, within(1e-12));
    }

    private List<EmbeddedPhoto> people(int people, int photos) {
        List<EmbeddedPhoto> all = new ArrayList<>();
        for (int person = 0; person < people; person++) {
            float[] face = vector(new float[DIMENSIONS], 1);
            for (int i = 0; i < photos; i++) {
                Embedding embedding = Embedding.ofNetworkOutput(vector(face, 0.3));
                Quality quality = new Quality(100, 100, 0.5f, new Pose(0, 0, 0), embedding.norm());
                Photo photo = new Photo("person " + person, Path.of("person " + person, i + ".jpg"));
                all.add(new EmbeddedPhoto(photo, quality, embedding, embedding));
            }
        }
        return all;
    }

    private float[] vector(float[] around, double spread) {
        float[] vector = around.clone();
        for (int i = 0; i < vector.length; i++) {
            vector[i] += (float) (spread * random.nextGaussian());
        }
        return vector;
    }
}
