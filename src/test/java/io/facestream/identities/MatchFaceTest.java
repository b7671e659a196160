package io.facestream.identities;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.embeddings.Embedding;
import io.facestream.gallery.GallerySearch;
import io.facestream.gallery.Neighbour;
import io.facestream.gallery.TestGallery;
import io.facestream.models.Calibration;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people see who have only SQL, on a connection with the reader's rights. */
class MatchFaceTest {
    private static final TestGallery GALLERY = TestGallery.of(MatchFaceTest.class);
    private static final int DIMENSIONS = 4;
    private static final String ADA = unit(192, 0);

    private static Connection owner;
    private static ModelVersion four;

    private Connection reader;

    @BeforeAll
    static void fill() throws SQLException {
        GALLERY.renew();
        List<UUID> people = GALLERY.addPeople(40);
        GALLERY.addVersion("four-1", DIMENSIONS, people, new Random(1));
        GALLERY.execute("update facestream.template set samples = 1 + mod(abs(hashtext(identity_id::text)), 9)"
                + " where model_version = 'four-1'");
        GALLERY.execute("update facestream.identity set name = 'Ada' where name = 'person 0'");
        GALLERY.execute("update facestream.identity set name = 'Bob' where name = 'person 1'");
        GALLERY.execute("insert into facestream.template (model_version, identity_id, embedding, samples)"
                + " select 'mobilefacenet-1', id, '" + ADA + "', 1 from facestream.identity where name = 'Ada'");
        GALLERY.execute("insert into facestream.template (model_version, identity_id, embedding, samples)"
                + " select 'mobilefacenet-1', id, '" + unit(192, 1)
                + "', 1 from facestream.identity where name = 'Bob'");
        four = new ModelRegistry(GALLERY.dataSource()).find("four-1").orElseThrow();
        owner = GALLERY.dataSource().getConnection();
        owner.setAutoCommit(false);
    }

    @AfterAll
    static void close() throws SQLException {
        owner.close();
    }

    @BeforeEach
    void connect() throws SQLException {
        reader = GALLERY.reader();
    }

    @AfterEach
    void disconnect() throws SQLException {
        reader.close();
    }

    /** The unit vector along one axis, as pgvector reads it. */
    private static String unit(int dimensions, int axis) {
        float[] vector = new float[dimensions];
        vector[axis] = 1;
        return TestGallery.text(vector);
    }

    @Test
    void aKnownProbeIsNamedUnderTheActiveVersion() throws SQLException {
        assertThat(TestGallery.query(
                        reader,
                        "select name, decision, distance, model_version from facestream.match_face('" + ADA + "')"))
                .containsExactly("Ada KNOWN 0 mobilefacenet-1", "Bob UNKNOWN 1.4142135 mobilefacenet-1");
        assertThat(TestGallery.query(
                        reader,
                        "select name, model_version from facestream.match_face('" + ADA + "', 1, 'mobilefacenet-1')"))
                .containsExactly("Ada mobilefacenet-1");
    }

    @Test
    void betweenTwoPeopleBothAreAmbiguous() throws SQLException {
        float[] probe = new float[192];
        probe[0] = 0.7f;
        probe[1] = 0.7f;
        probe[9] = (float) Math.sqrt(1 - 2 * 0.49);

        assertThat(TestGallery.query(
                        reader, "select decision from facestream.match_face('" + TestGallery.text(probe) + "', 2)"))
                .containsExactly("AMBIGUOUS", "AMBIGUOUS");
    }

    @Test
    void aProbeFarFromEverybodyIsUnknown() throws SQLException {
        assertThat(TestGallery.query(
                        reader, "select decision from facestream.match_face('" + unit(192, 9) + "', k => 1)"))
                .containsExactly("UNKNOWN");
    }

    @Test
    void aFaceThatWasSaidNotToBeThePersonsIsUnknown() throws SQLException {
        GALLERY.execute(
                """
                insert into facestream.negative (id, identity_id, source, event_id, chip)
                    select '00000000-0000-0000-0000-000000000009', id, '/cameras/lobby', 'f#0', 'chip'
                    from facestream.identity where name = 'Ada';
                insert into facestream.negative_embedding select 'mobilefacenet-1', identity_id, id,
                    l2_normalize(('[1,0.1' || repeat(',0', 190) || ']')::vector) from facestream.negative""");

        List<String> ruledOut = TestGallery.query(
                reader,
                "select m.name, m.decision from facestream.match_face(l2_normalize(('[1,0.1' || repeat(',0', 190)"
                        + " || ']')::vector), 2) m");
        List<String> herself =
                TestGallery.query(reader, "select name, decision from facestream.match_face('" + ADA + "', 1)");

        GALLERY.execute("delete from facestream.negative");
        assertThat(ruledOut).containsExactly("Ada UNKNOWN", "Bob UNKNOWN");
        assertThat(herself).containsExactly("Ada KNOWN");
    }

    @Test
    void wrongDimensionsAreAnError() {
        assertThatThrownBy(() -> TestGallery.query(reader, "select facestream.match_face('[1,0]')"))
                .hasMessageContaining("the probe has 2 dimensions, model version mobilefacenet-1 has 192");
        assertThatThrownBy(() -> TestGallery.query(reader, "select facestream.match_face('" + ADA + "', 5, 'four-1')"))
                .hasMessageContaining("the probe has 192 dimensions, model version four-1 has 4");
    }

    @Test
    void anUnknownVersionIsAnError() {
        assertThatThrownBy(() -> TestGallery.query(reader, "select facestream.match_face('" + ADA + "', 5, 'none-1')"))
                .hasMessageContaining("no model version none-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "0", "-1", "1001"})
    void moreThanAThousandAndLessThanOneAreNoCounts(String k) {
        assertThatThrownBy(() -> TestGallery.query(reader, "select facestream.match_face('" + ADA + "', " + k + ")"))
                .hasMessageContaining("k is 1 to 1000");
    }

    @Test
    void aNullProbeIsAnError() {
        assertThatThrownBy(() -> TestGallery.query(reader, "select facestream.match_face(null)"))
                .hasMessageContaining("the probe is null");
    }

    @Test
    void theReaderSeesTheGallery() throws SQLException {
        assertThat(TestGallery.query(reader, "select name, samples, model_version from facestream.gallery"))
                .hasSize(40)
                .contains("Ada 0 mobilefacenet-1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "identity",
                "face_sample",
                "face_embedding",
                "template",
                "model_version",
                "model_weights",
                "training_command",
                "erasure",
                "name_key",
                "training_person",
                "gallery_revision"
            })
    void theReaderSeesNeitherPhotosNorWeightsNorAnyOtherTable(String table) {
        assertThatThrownBy(() -> TestGallery.query(reader, "select 1 from facestream." + table))
                .hasMessageContaining("permission denied");
    }

    @Test
    void theReaderChangesNothing() {
        assertThatThrownBy(() -> TestGallery.query(reader, "select facestream.create_model_partitions('x', 4)"))
                .hasMessageContaining("permission denied");
        assertThatThrownBy(() -> TestGallery.query(reader, "select facestream.attach_model_partitions('four-1')"))
                .hasMessageContaining("permission denied");
        assertThatThrownBy(() -> TestGallery.query(reader, "delete from facestream.gallery returning id"))
                .hasMessageContaining("cannot delete from view");
    }

    @Test
    void randomProbesAreDecidedAsTheServiceDecidesThem() throws SQLException {
        Random random = new Random(2);
        Map<Identification.Decision, Integer> decisions = new EnumMap<>(Identification.Decision.class);
        for (int i = 0; i < 300; i++) {
            float[] probe = TestGallery.randomUnitVector(DIMENSIONS, random);
            Identification.Decision decision = assertSameDecision(
                    probe,
                    nearest(probe),
                    new DecisionRule(random.nextFloat(), 0.2f * random.nextFloat(), 0.4 * random.nextDouble()));
            decisions.merge(decision, 1, Integer::sum);
        }

        assertThat(decisions).containsOnlyKeys(Identification.Decision.values());
    }

    /** Where the distance is the threshold, or the runner-up just far enough, rounding decides. */
    @Test
    void probesOnTheVeryBoundaryAreDecidedAsTheServiceDecidesThem() throws SQLException {
        Random random = new Random(3);
        for (int i = 0; i < 200; i++) {
            float[] probe = TestGallery.randomUnitVector(DIMENSIONS, random);
            List<Neighbour> neighbours = nearest(probe);
            float first = neighbours.get(0).distance();
            float second = neighbours.get(1).distance();

            assertSameDecision(probe, neighbours, new DecisionRule(first, 0));
            assertSameDecision(probe, neighbours, onTheBoundary(neighbours.get(0), random));
            assertSameDecision(probe, neighbours, new DecisionRule(2, second - first));
        }
    }

    private static DecisionRule onTheBoundary(Neighbour nearest, Random random) {
        double averaging = 0.05 * random.nextDouble();
        float threshold = (float) Calibration.ofOnePhoto(nearest.distance(), nearest.samples(), averaging);
        return new DecisionRule(threshold, 0, averaging);
    }

    /** In one transaction, which is undone: the rule is the version's only there. */
    private static Identification.Decision assertSameDecision(
            float[] probe, List<Neighbour> neighbours, DecisionRule rule) throws SQLException {
        Identification.Decision expected = rule.decide(neighbours).decision();
        setRule(rule);
        List<Neighbour> found = new ArrayList<>();
        try (PreparedStatement match =
                owner.prepareStatement("select identity_id, name, distance, decision, model_version"
                        + " from facestream.match_face(?::text::vector, 5, 'four-1')")) {
            match.setString(1, TestGallery.text(probe));
            try (ResultSet rows = match.executeQuery()) {
                while (rows.next()) {
                    found.add(new Neighbour(
                            rows.getObject(1, UUID.class),
                            rows.getString(2),
                            rows.getFloat(3),
                            neighbours.get(found.size()).samples()));
                    assertThat(rows.getString(4))
                            .as("row %d by %s of %s", found.size(), rule, neighbours)
                            .isEqualTo(
                                    decision(found.size() - 1, neighbours, rule).name());
                    assertThat(rows.getString(5)).isEqualTo("four-1");
                }
            }
        } finally {
            owner.rollback();
        }
        assertThat(found).isEqualTo(neighbours);
        return expected;
    }

    /** What a row says of its own person; the first one's is the service's decision. */
    private static Identification.Decision decision(int row, List<Neighbour> neighbours, DecisionRule rule) {
        if (row == 0) {
            return rule.decide(neighbours).decision();
        }
        float distance = neighbours.get(row).distance();
        float threshold = rule.of(neighbours.get(row).samples()).threshold();
        return distance <= threshold && distance - neighbours.get(0).distance() < rule.separation()
                ? Identification.Decision.AMBIGUOUS
                : Identification.Decision.UNKNOWN;
    }

    private static List<Neighbour> nearest(float[] probe) throws SQLException {
        return new GallerySearch(GALLERY.dataSource())
                .nearest(four, List.of(Embedding.ofUnitVector(probe, 70)), 5)
                .neighbours()
                .get(0);
    }

    private static void setRule(DecisionRule rule) throws SQLException {
        try (PreparedStatement update =
                owner.prepareStatement("update facestream.model_version set threshold = ?, separation = ?,"
                        + " calibration = jsonb_build_object('averaging', ?::float8) where version = 'four-1'")) {
            update.setFloat(1, rule.threshold());
            update.setFloat(2, rule.separation());
            update.setDouble(3, rule.averaging());
            assertThat(update.executeUpdate()).isOne();
        }
    }
}
