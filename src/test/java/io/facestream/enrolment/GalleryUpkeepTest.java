package io.facestream.enrolment;

import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.embeddings.Embedding;
import io.facestream.gallery.TestGallery;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GalleryUpkeepTest {
    private static final TestGallery GALLERY = TestGallery.of(GalleryUpkeepTest.class);
    private static final String MEASURED = "select revision, people from facestream.gallery_measure";

    private GalleryUpkeep upkeep;

    @BeforeEach
    void enrolSixtyPeople() throws SQLException {
        GALLERY.renew();
        Random random = new Random(1);
        StringBuilder people = new StringBuilder();
        for (UUID person : GALLERY.addPeople(60)) {
            String vector = TestGallery.text(Embedding.ofNetworkOutput(TestGallery.randomUnitVector(192, random))
                    .vector());
            people.append(
                    """
                    insert into facestream.template (model_version, identity_id, embedding, samples)
                        values ('mobilefacenet-1', '%1$s', '%2$s', 1);
                    insert into facestream.face_sample (id, identity_id, sha256, chip, enrolled, quality, source_topic,
                        source_partition, source_offset)
                        values ('%1$s', '%1$s', sha256('%1$s'), '', true, '{}', 't', 0, 0);
                    insert into facestream.face_embedding (model_version, sample_id, embedding, norm)
                        values ('mobilefacenet-1', '%1$s', '%2$s', 70);
                    select nextval('facestream.gallery_revision');
                    """
                            .formatted(person, vector));
        }
        GALLERY.execute(people.toString());
        upkeep = new GalleryUpkeep(GALLERY.as("facestream_enrolment"), Optional::empty);
    }

    @AfterEach
    void close() {
        upkeep.close();
    }

    @Test
    void aGalleryThatHasChangedByATenthIsMeasuredWhoeverChangedIt() throws Exception {
        upkeep.measure();
        assertThat(GALLERY.query(MEASURED)).containsExactly("60 60");

        GALLERY.execute("select setval('facestream.gallery_revision', 70)");
        upkeep.measure();
        assertThat(GALLERY.query(MEASURED)).as("a little").containsExactly("60 60");

        GALLERY.execute("select setval('facestream.gallery_revision', 76)");
        upkeep.measure();
        assertThat(GALLERY.query(MEASURED)).containsExactly("76 60");
    }

    @Test
    void aMeasurementThatAProcessDidNotGetToIsMadeByTheNext() throws Exception {
        upkeep.close();

        try (GalleryUpkeep next = new GalleryUpkeep(GALLERY.as("facestream_enrolment"), Optional::empty)) {
            next.measure();
        }

        assertThat(GALLERY.query(MEASURED)).containsExactly("60 60");
    }

    @Test
    void ofTwoReplicasOneMeasures() throws Exception {
        try (Connection other = GALLERY.dataSource().getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("select pg_advisory_xact_lock(" + 0x75706b656570L + ")");
            upkeep.measure();
            assertThat(GALLERY.query(MEASURED)).isEmpty();
            other.commit();
        }

        upkeep.measure();

        assertThat(GALLERY.query(MEASURED)).hasSize(1);
    }
}
