package io.facestream.evaluation.strangers;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.configuration.Settings;
import io.facestream.embeddings.Embedding;
import io.facestream.evaluation.SyntheticFaces;
import io.facestream.faces.Box;
import io.facestream.faces.DetectedFace;
import io.facestream.faces.Landmarks;
import io.facestream.faces.Point;
import io.facestream.faces.Pose;
import io.facestream.faces.Quality;
import io.facestream.gallery.TestGallery;
import io.facestream.gallery.strangers.StrangersConfig;
import io.facestream.identities.MatchingConfig;
import io.facestream.models.ModelRegistry;
import io.facestream.photos.EmbeddedPhoto;
import io.facestream.photos.LabelledPhotos.Photo;
import io.facestream.sightings.SightingsConfig;
import io.facestream.sightings.SightingsStage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Visits of made-up people through the service's rules and the database's functions. */
class KeptStrangersTest {
    private static final TestGallery GALLERY = TestGallery.of(KeptStrangersTest.class);
    private static final int DIMENSIONS = 192;
    private static final float CLEAR = 70;

    /** Below the least norm of a stranger's face, 54, and above that of a face that is judged. */
    private static final float POOR = 45;

    private final Random random = new Random(1);
    private PassersBy strangers;

    @BeforeEach
    void nobodyIsKept() throws Exception {
        GALLERY.renew();
        Settings settings = Settings.load();
        StrangersConfig config = settings.get(StrangersConfig.class);
        strangers = new KeptStrangers(
                GALLERY.dataSource(),
                new ModelRegistry(GALLERY.dataSource()).active(),
                settings.get(MatchingConfig.class),
                config,
                SightingsStage.rules(settings.get(SightingsConfig.class), config));
    }

    /** Frames of a face about an axis; two of the same axis are 0.5 apart, those of others 1.4. */
    private List<EmbeddedPhoto> visit(int axis, int frames, float norm) {
        List<EmbeddedPhoto> visit = new ArrayList<>();
        for (int i = 0; i < frames; i++) {
            Embedding embedding = Embedding.ofUnitVector(
                    Embedding.ofNetworkOutput(
                                    SyntheticFaces.around(SyntheticFaces.axis(DIMENSIONS, axis), 0.026, random))
                            .vector(),
                    norm);
            Point point = new Point(100, 100);
            visit.add(new EmbeddedPhoto(
                    new Photo("person " + axis, Path.of(i + ".jpg")),
                    null,
                    new DetectedFace(
                            new Box(100 + i, 100, 80, 100), new Landmarks(point, point, point, point, point), 1),
                    new Quality(80, 300, 120, new Pose(0, 0, 0), norm),
                    embedding,
                    embedding));
        }
        return visit;
    }

    @Test
    void whoComesBackIsTheSameStrangerAndOthersAreNot() throws Exception {
        Set<UUID> first = strangers.visit(visit(0, 5, CLEAR));
        Set<UUID> other = strangers.visit(visit(1, 5, CLEAR));

        assertThat(first).hasSize(1);
        assertThat(other).hasSize(1).isNotEqualTo(first);
        assertThat(strangers.visit(visit(0, 5, CLEAR))).isEqualTo(first);
        assertThat(strangers.visit(visit(1, 5, CLEAR))).isEqualTo(other);
        assertThat(GALLERY.query("select chips from facestream.stranger_template"))
                .containsExactly("5", "5");
    }

    @Test
    void aVisitOfTooFewFacesIsNobodysUntilTheStrangerIsKnown() throws Exception {
        assertThat(strangers.visit(visit(0, 4, CLEAR))).isEmpty();
        Set<UUID> known = strangers.visit(visit(0, 5, CLEAR));

        assertThat(strangers.visit(visit(0, 4, CLEAR))).isEqualTo(known);
        assertThat(GALLERY.query("select count(*) from facestream.stranger_visit"))
                .containsExactly("1");
    }

    @Test
    void facesThatAreTooPoorAreNotKept() throws Exception {
        assertThat(strangers.visit(visit(0, 5, POOR))).isEmpty();
        assertThat(GALLERY.query("select count(*) from facestream.stranger")).containsExactly("0");
    }

    @Test
    void framesWithoutAFaceAreNoFaces() throws Exception {
        List<EmbeddedPhoto> visit = new ArrayList<>(visit(0, 4, CLEAR));
        visit.add(2, SyntheticFaces.undetected("person 0", 9));

        assertThat(strangers.visit(visit)).isEmpty();
    }

    @Test
    void whoIsForgottenIsSomebodyNew() throws Exception {
        Set<UUID> before = strangers.visit(visit(0, 5, CLEAR));

        strangers.forgetAll();

        assertThat(strangers.visit(visit(0, 5, CLEAR))).hasSize(1).doesNotContainAnyElementsOf(before);
    }
}
