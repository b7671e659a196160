package io.facestream.evaluation.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.facestream.embeddings.Embedding;
import io.facestream.faces.Box;
import io.facestream.faces.DetectedFace;
import io.facestream.faces.Landmarks;
import io.facestream.faces.Point;
import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import io.facestream.models.ModelVersion;
import io.facestream.models.ShippedModel;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.Hardship;
import io.facestream.photos.LabelledPhotos.Photo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Made-up people, whose faces are the farther from their templates the smaller their norm. */
class QualityTrialTest {
    private static final int PEOPLE = 60;
    private static final int PROBES = 12;
    private static final ModelVersion VERSION = ShippedModel.version(new byte[0]);

    private final Random random = new Random(1);

    @Test
    void whatIsFittedOnSomePeopleHoldsForOthers() {
        assertThat(report().fitted().calibrationError()).isLessThan(0.05);
    }

    @Test
    void discardingTheWorstFacesLeavesFewerErrors() {
        QualityTrial.Worth fitted = report().fitted();

        assertThat(fitted.errors().get(0.5)).isLessThan(fitted.errors().get(0.0) / 2);
    }

    @Test
    void theFittedQualityLiesBetweenAPerfectOneAndNone() {
        QualityTrial.Report report = report();

        assertThat(report.fitted().area())
                .isGreaterThan(report.perfect().area())
                .isLessThan(report.random());
    }

    @Test
    void whatIsHardIsTold() {
        QualityTrial.ByHardship far = report().byHardship().get(Hardship.FAR);

        assertThat(far.faces()).isEqualTo(PEOPLE * PROBES);
        assertThat(far.undetected()).isEqualTo(1);
    }

    @Test
    void theIntervalOfAnAreaHoldsIt() {
        QualityTrial.Report report = report();

        assertThat(report.fitted().area())
                .isBetween(
                        report.intervals().get("fitted.area")[0],
                        report.intervals().get("fitted.area")[1]);
    }

    @Test
    void theSameSeedGivesTheSameScore() {
        QualitySearches searches = searches();

        assertThat(new QualityTrial(searches, 1).report("made up").score())
                .isEqualTo(new QualityTrial(searches, 1).report("made up").score());
    }

    @Test
    void tooFewPeopleAreToldBeforeTheLongWork() {
        List<Photo> photos =
                IntStream.range(0, 39 * 3).mapToObj(i -> photo("P" + i / 3, i)).toList();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> QualityTrial.check(QualitySearches.Photos.of(photos)))
                .withMessageContaining("40 people with 3 photos, not on 39");
    }

    @Test
    void theLastPhotoOfAPersonIsNotEnrolled() {
        List<Photo> photos =
                IntStream.range(0, 3).mapToObj(i -> photo("Ada", i)).toList();

        QualitySearches.Photos parts = QualitySearches.Photos.of(photos);

        assertThat(parts.enrolled()).isEqualTo(photos.subList(0, 2));
        assertThat(parts.probes()).isEqualTo(photos.subList(2, 3));
    }

    private QualityTrial.Report report() {
        return new QualityTrial(searches(), 1).report("made up");
    }

    private QualitySearches searches() {
        float[][] means = new float[PEOPLE][];
        List<EmbeddedPhoto> enrolled = new ArrayList<>();
        for (int person = 0; person < PEOPLE; person++) {
            means[person] = around(new float[VERSION.dimensions()], 1);
            for (int i = 0; i < 3; i++) {
                enrolled.add(face(person, i, means[person], 1));
            }
        }
        QualitySearches searches = new QualitySearches(VERSION, enrolled);
        List<EmbeddedPhoto> probes = new ArrayList<>();
        for (int person = 0; person < PEOPLE; person++) {
            for (int i = 0; i < PROBES; i++) {
                probes.add(face(person, 3 + i, means[person], random.nextDouble()));
            }
        }
        probes.add(EmbeddedPhoto.undetected(photo("P0", 99)));
        searches.search(Hardship.FAR, probes);
        return searches;
    }

    private static Photo photo(String name, int number) {
        return new Photo(name, Path.of(name, number + ".jpg"));
    }

    /** @param view how good it is, 0 to 1 */
    private EmbeddedPhoto face(int person, int number, float[] mean, double view) {
        Embedding embedding = Embedding.ofNetworkOutput(around(mean, 1.6 - 1.2 * view));
        Quality quality = new Quality(100, 200, 100, new Pose(0, 0, 0), (float) (40 + 40 * view));
        Point point = new Point(10, 10);
        DetectedFace detected =
                new DetectedFace(new Box(0, 0, 100, 100), new Landmarks(point, point, point, point, point), 0.999f);
        return new EmbeddedPhoto(photo("P" + person, number), null, detected, quality, embedding, embedding);
    }

    private float[] around(float[] mean, double deviation) {
        float[] vector = mean.clone();
        for (int i = 0; i < vector.length; i++) {
            vector[i] += (float) (deviation * random.nextGaussian());
        }
        return vector;
    }
}
