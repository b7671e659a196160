package io.facestream.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.embeddings.Embedding;
import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.LabelledPhotos.Photo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AveragingFitTest {
    private static final int DIMENSIONS = 40;
    private static final int OF_PEOPLE = 10;

    private final Random random = new Random(1);

    @Test
    void whatPhotosHaveInCommonMakesStrangersMoreAlike() {
        assertThat(new AveragingFit(people(150, 5, 0.25)).averaging().getAsDouble())
                .isBetween(0.03, 0.1);
    }

    @Test
    void photosThatAreAllAlikeHaveNothingToAverage() {
        assertThat(new AveragingFit(people(150, 5, 0)).averaging().getAsDouble())
                .isBetween(0.0, 1e-3);
    }

    @Test
    void peopleWithOnePhotoEachSayNothing() {
        assertThat(new AveragingFit(people(150, 1, 0.25)).averaging()).isEmpty();
    }

    @Test
    void tooFewPeopleSayNothing() {
        assertThat(new AveragingFit(people(19, 5, 0.25)).averaging()).isEmpty();
    }

    /** People differ in a few directions, and the photos of each in all others. */
    private List<EmbeddedPhoto> people(int people, int photos, double spread) {
        List<EmbeddedPhoto> all = new ArrayList<>();
        for (int person = 0; person < people; person++) {
            float[] face = new float[DIMENSIONS];
            for (int i = 0; i < OF_PEOPLE; i++) {
                face[i] = (float) random.nextGaussian();
            }
            for (int i = 0; i < photos; i++) {
                float[] photo = face.clone();
                for (int j = OF_PEOPLE; j < DIMENSIONS; j++) {
                    photo[j] = (float) (spread * random.nextGaussian());
                }
                Embedding embedding = Embedding.ofNetworkOutput(photo);
                Quality quality = new Quality(100, 100, 0.5f, new Pose(0, 0, 0), embedding.norm());
                all.add(new EmbeddedPhoto(
                        new Photo("person " + person, Path.of("person " + person, i + ".jpg")),
                        quality,
                        embedding,
                        embedding));
            }
        }
        return all;
    }
}
