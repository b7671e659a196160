package io.facestream.identities;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.facestream.embeddings.Embedding;
import io.facestream.gallery.GallerySearch;
import io.facestream.gallery.TestGallery;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The database's own threshold, which SQL users decide by, against the service's. */
class MatchThresholdTest {
    private static final TestGallery GALLERY = TestGallery.of(MatchThresholdTest.class);

    private ModelVersion shipped;
    private List<UUID> people;

    @BeforeEach
    void enrolEightyPeople() throws SQLException {
        GALLERY.renew();
        shipped = new ModelRegistry(GALLERY.dataSource()).active();
        people = GALLERY.addPeople(80);
        Random random = new Random(1);
        StringBuilder templates = new StringBuilder();
        for (UUID person : people) {
            float[] alike = TestGallery.randomUnitVector(192, random);
            alike[0] += 1;
            String vector = TestGallery.text(Embedding.ofNetworkOutput(alike).vector());
            templates.append(
                    """
                    insert into facestream.template (model_version, identity_id, embedding, samples)
                        values ('mobilefacenet-1', '%1$s', '%2$s', 1);
                    insert into facestream.face_sample (id, identity_id, sha256, chip, enrolled, quality, source_topic,
                        source_partition, source_offset)
                        values ('%1$s', '%1$s', sha256('%1$s'), '', true, '{}', 't', 0, 0);
                    insert into facestream.face_embedding (model_version, sample_id, embedding, norm)
                        values ('mobilefacenet-1', '%1$s', '%2$s', 70);
                    """
                            .formatted(person, vector));
        }
        GALLERY.execute(templates.toString());
    }

    private double threshold(double targetFpir) throws SQLException {
        return Double.parseDouble(
                GALLERY.query("select facestream.match_threshold('mobilefacenet-1', " + targetFpir + ")")
                        .get(0));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.9, 0.2, 0.05, 0.005, 0.001, 1e-5, 1e-8})
    void itIsTheServicesToTheBitOfAFloat(double targetFpir) throws SQLException {
        assertThat(threshold(targetFpir))
                .isCloseTo(shipped.calibration().threshold(80, targetFpir).getAsDouble(), within(1e-6));
    }

    @Test
    void thatOfATemplateOfManyPhotosIsTheServicesToTheBit() throws SQLException {
        Random random = new Random(4);
        for (int i = 0; i < 200; i++) {
            DecisionRule rule = new DecisionRule(2 * random.nextFloat(), 0, 0.1 * random.nextDouble());
            int samples = 1 + random.nextInt(50);

            String threshold = GALLERY.query("select facestream.template_threshold('%s'::real, %d, '%s')"
                            .formatted(rule.threshold(), samples, rule.averaging()))
                    .get(0);

            assertThat(Float.parseFloat(threshold)).isEqualTo(rule.of(samples).threshold());
        }
    }

    @Test
    void theGallerysOwnPairsAreMeasuredAsIfTemplatesWereOfOnePhoto() throws SQLException {
        GALLERY.execute("update facestream.template set samples = 1000");
        GALLERY.execute(
                "update facestream.model_version set calibration =" + " jsonb_set(calibration, '{averaging}', '0.45')");

        GALLERY.execute("select facestream.measure_gallery('mobilefacenet-1')");

        // Their cosines of about 0.5 are those of 0.28 for one photo, which strangers have too.
        assertThat(GALLERY.query("select distance_shift > -0.05 from facestream.gallery_measure"))
                .containsExactly("t");
    }

    @Test
    void theGallerysOwnPairsMoveItAndTheSearchTellsTheServiceSo() throws SQLException {
        double before = threshold(0.005);

        GALLERY.execute("select facestream.measure_gallery('mobilefacenet-1')");
        GallerySearch.Result found = new GallerySearch(GALLERY.dataSource()).nearest(shipped, List.of(), 2);

        // People around one direction are a distance of 1 apart, nearer than faces are: 80 / 130 of the bound.
        float shift = -0.1f * 80 / 130;
        assertThat(found.state().distanceShift()).isCloseTo(shift, within(1e-6f));
        assertThat(found.state().templates()).isEqualTo(80);
        assertThat(threshold(0.005)).isCloseTo(before + shift, within(1e-6));
    }

    @Test
    void aGalleryOfFewPeopleMeasuresNothing() throws SQLException {
        GALLERY.execute("select facestream.measure_gallery('mobilefacenet-1')");
        GALLERY.execute("delete from facestream.identity where id <> '" + people.get(0) + "'");

        GALLERY.execute("select facestream.measure_gallery('mobilefacenet-1')");

        assertThat(GALLERY.query("select count(*) from facestream.gallery_measure"))
                .containsExactly("0");
    }

    @Test
    void aVersionWithoutCalibrationHasItsOwn() throws SQLException {
        GALLERY.execute("update facestream.model_version set calibration = '{}'");

        assertThat(threshold(0.005)).isCloseTo(shipped.threshold(), within(1e-6));
    }

    @Test
    void aTargetOutOfRangeIsAnError() {
        assertThatThrownBy(() -> threshold(0)).hasMessageContaining("target FPIR");
        assertThatThrownBy(() -> threshold(1)).hasMessageContaining("target FPIR");
    }

    @Test
    void aLargeGalleryIsCountedOnceInAWhileOfASession() throws SQLException {
        GALLERY.execute("delete from facestream.identity");
        GALLERY.addVersion("four-1", 4, GALLERY.addPeople(5_000), new Random(1));
        String count = "select facestream.count_templates('four-1')";
        try (Connection session = GALLERY.dataSource().getConnection()) {
            assertThat(TestGallery.query(session, count)).containsExactly("5000");
            GALLERY.execute("delete from facestream.template where model_version = 'four-1' and identity_id ="
                    + " (select id from facestream.identity where name = 'person 0')");

            assertThat(TestGallery.query(session, count)).containsExactly("5000");
            assertThat(TestGallery.query(session, "select facestream.count_templates('mobilefacenet-1')"))
                    .containsExactly("0");
        }
        assertThat(GALLERY.query(count)).containsExactly("4999");
    }
}
