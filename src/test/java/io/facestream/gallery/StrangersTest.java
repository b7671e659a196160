package io.facestream.gallery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facestream.database.Sql;
import io.facestream.messaging.Sha256;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;

/** Passers-by who are kept for a while, beside the gallery of people. */
class StrangersTest {
    private static final TestGallery GALLERY = TestGallery.of(StrangersTest.class);

    /** What is counted, measured or searched of people. */
    private static final String PEOPLE =
            """
            select (select count(*) from facestream.template), facestream.count_templates('first-1'),
                facestream.match_threshold('first-1'), (select count(*) from facestream.gallery),
                (select count(*) from facestream.people), (select count(*) from facestream.photos),
                (select count(*) from facestream.face_embedding),
                (select samples + templates from facestream.missing_under('second-1')),
                (select count(*) from facestream.match_face('[1,0,0]', 10)),
                (select case when is_called then last_value else 0 end from facestream.gallery_revision)""";

    private int chips;

    @BeforeEach
    void fill() throws SQLException {
        GALLERY.renewSchema();
        GALLERY.addTwoVersions();
        chips = 0;
    }

    /** A visit whose faces have those vectors under both versions; each has a chip of its own. */
    private UUID keep(String sighting, String told, String... vectors) throws SQLException {
        return keepFaces(sighting, told, 0.4f, faces(vectors));
    }

    private String faces(String... vectors) {
        return Arrays.stream(vectors)
                .map(vector ->
                        """
                        {"sha256": "%s", "chip": "Y2hpcA==", "quality": {}, "topic": "detected-faces", "partition": 0,
                         "offset": %d, "vectors": {"first-1": {"embedding": "%s", "norm": 70},
                         "second-1": {"embedding": "%s", "norm": 70}}}"""
                                .formatted(sha256(), chips, vector, vector))
                .collect(Collectors.joining(",", "[", "]"));
    }

    /** @param threshold null for that of the calibration */
    private UUID keepFaces(String sighting, String told, Float threshold, String faces) throws SQLException {
        return Sql.on(
                        GALLERY.as("facestream_curation"),
                        sql -> sql.first(
                                "select facestream.keep_stranger('/cameras/door', ?, ?::uuid, interval '30 days',"
                                        + " 0.001, 0.05, ?::real, ?::jsonb)",
                                row -> row.getObject(1, UUID.class),
                                sighting,
                                told,
                                threshold,
                                faces))
                .orElse(null);
    }

    private String sha256() throws IllegalStateException {
        chips++;
        return Base64.getEncoder().encodeToString(Sha256.of(new byte[] {(byte) chips}));
    }

    private static List<String> strangers() throws SQLException {
        return GALLERY.query("select id, chips, visits from facestream.strangers order by kept_at");
    }

    private static void visit(String sighting, UUID identity) throws SQLException {
        GALLERY.execute("select facestream.make_sighting_days(array[current_date])");
        GALLERY.execute(
                """
                insert into facestream.sighting (source, sighting_id, day, sequence, change, camera, kind, identity_id,
                    first_seen, last_seen, first_appended_at, last_appended_at, frames, best)
                values ('/cameras/door', '%s', current_date, 1, 'left', 'door', '%s', %s, now(), now(), now(), now(), 3,
                    '{}')"""
                        .formatted(
                                sighting,
                                identity == null ? "unknown" : "stranger",
                                identity == null ? "null" : "'" + identity + "'"));
    }

    @Test
    void strangersChangeNothingThatIsCountedMeasuredOrSearchedOfPeople() throws Exception {
        GALLERY.addPerson("Ada", 2, 1);
        List<String> before = GALLERY.query(PEOPLE);

        keep("a", null, "[1,0,0]", "[0.9,0.1,0]");
        keep("b", null, "[0,0,-1]");

        assertThat(strangers()).hasSize(2);
        assertThat(GALLERY.query(PEOPLE)).isEqualTo(before);
    }

    @Test
    void whoComesBackIsTheSameStranger() throws Exception {
        UUID first = keep("a", null, "[1,0,0]");

        assertThat(keep("b", null, "[0.99,0.1,0]")).isEqualTo(first);
        assertThat(keep("c", null, "[0,1,0]")).isNotEqualTo(first);
        assertThat(keep("d", first.toString(), "[0.7,0.7,0]")).isEqualTo(first);
    }

    @Test
    void inDoubtNobodyIsKept() throws Exception {
        GALLERY.execute(
                """
                update facestream.model_version set calibration = '{"falseMatchRates": [
                    {"rate": 0.1, "distance": 1.2}, {"rate": 0.001, "distance": 0.8},
                    {"rate": 0.000001, "distance": 0.4}]}' where version = 'first-1'""");
        // Of 100 strangers: 0.53 by the target of 0.1 %, and 0.76 by 5 %.
        UUID first = keepFaces("a", null, null, faces("[1,0,0]"));

        assertThat(keepFaces("b", null, null, faces("[0.875,0.4841,0]"))).isEqualTo(first); // at 0.5
        assertThatThrownBy(() -> keepFaces("c", null, null, faces("[0.6,0.8,0]"))) // at 0.66
                .isInstanceOfSatisfying(PSQLException.class, refused -> assertThat(
                                refused.getServerErrorMessage().getDetail())
                        .isEqualTo("doubtful"));
        assertThat(strangers()).hasSize(1);
        assertThat(keepFaces("d", null, null, faces("[0,0,1]"))).isNotEqualTo(first);
        assertThat(keepFaces("e", first.toString(), null, faces("[0.6,0.8,0]"))).isEqualTo(first);
    }

    /** As a camera shows that sends a picture twice, or a snapshot URL that is asked more often than it changes. */
    @Test
    void thePictureThatComesTwiceInAVisitIsOneChip() throws Exception {
        String face =
                """
                {"sha256": "%s", "chip": "Y2hpcA==", "quality": {}, "topic": "detected-faces", "partition": 0,
                 "offset": %d, "vectors": {"first-1": {"embedding": "[1,0,0]", "norm": 70},
                 "second-1": {"embedding": "[1,0,0]", "norm": 70}}}""";
        String once = sha256();
        String faces =
                "[" + face.formatted(once, 1) + "," + face.formatted(sha256(), 2) + "," + face.formatted(once, 3) + "]";

        UUID stranger = keepFaces("a", null, 0.4f, faces);

        assertThat(GALLERY.query("select source_offset from facestream.stranger_chip where identity_id = '" + stranger
                        + "' order by 1"))
                .containsExactly("1", "2");
        assertThat(GALLERY.query("select count(*) from facestream.stranger_embedding"))
                .containsExactly("4");
    }

    @Test
    void aStrangerHasAtMostFiveChipsWhichAreTheMostUnlikeOnes() throws Exception {
        UUID stranger = keep("a", null, "[1,0,0]", "[1,0.01,0]", "[1,0.02,0]", "[1,0.03,0]");

        keep("b", stranger.toString(), "[1,0.3,0]", "[1,0,0.3]");

        assertThat(strangers()).containsExactly(stranger + " 5 0");
        assertThat(GALLERY.query("select count(*) from facestream.stranger_embedding where model_version = 'first-1'"
                        + " and embedding in ('[1,0.3,0]', '[1,0,0.3]')"))
                .containsExactly("2");
        assertThat(GALLERY.query("select chips from facestream.stranger_template order by model_version"))
                .containsExactly("5", "5");
    }

    @Test
    void whoeverIsEnrolledByNowIsNotKept() throws Exception {
        GALLERY.addPerson("Ada", 1, 1);
        String ada = GALLERY.query("select embedding from facestream.template where model_version = 'first-1'")
                .get(0);

        assertThatThrownBy(() -> keep("a", null, ada)).hasMessageContaining("enrolled");
        assertThat(strangers()).isEmpty();
    }

    @Test
    void nothingIsKeptWithVectorsOfVersionsThatAreNotLiveAnyMore() throws Exception {
        GALLERY.execute("update facestream.model_version set status = 'retired' where version = 'second-1'");

        assertThat(keep("a", null, "[1,0,0]")).isNull();
        assertThat(strangers()).isEmpty();
    }

    @Test
    void theVisitThatAStrangerWasKeptForIsTheStrangersWhetherItsRowCameBeforeOrAfter() throws Exception {
        visit("a", null);
        UUID first = keep("a", null, "[1,0,0]");
        UUID second = keep("b", null, "[0,1,0]");
        visit("b", null);

        assertThat(GALLERY.query("select sighting_id, kind, identity_id from facestream.sighting_log order by 1"))
                .containsExactly("a stranger " + first, "b stranger " + second);
    }

    @Test
    void aStrangerGoesWhenItsTimeIsUpAndItsVisitsAreNobodys() throws Exception {
        UUID stranger = keep("a", null, "[1,0,0]");
        visit("later", stranger);
        GALLERY.execute("update facestream.stranger set expires_at = now() - interval '1 s'");

        assertThat(as("facestream_curation", "select facestream.expire_strangers(100)"))
                .containsExactly("1");
        assertThat(GALLERY.query("select (select count(*) from facestream.identity), (select count(*) from"
                        + " facestream.stranger_chip), (select count(*) from facestream.stranger_embedding),"
                        + " (select count(*) from facestream.stranger_template)"))
                .containsExactly("0 0 0 0");
        assertThat(GALLERY.query("select kind, identity_id is null from facestream.sighting_log"))
                .containsExactly("unknown t");
    }

    @Test
    void aNewVersionHasPlaceForThem() throws Exception {
        keep("a", null, "[1,0,0]");
        GALLERY.addVersion("third-1", 4, List.of(), new Random(1));
        UUID chip = UUID.fromString(
                GALLERY.query("select id from facestream.stranger_chips").get(0));

        assertThat(as("facestream_curation", "select id from facestream.stranger_chips_without_vector('third-1', 10)"))
                .containsExactly(chip.toString());
        as(
                "facestream_curation",
                "select facestream.add_stranger_vectors('third-1', array['" + chip
                        + "']::uuid[], array['[0,0,0,1]'], array[70]::real[])");

        assertThat(GALLERY.query("select embedding from facestream.stranger_template where model_version = 'third-1'"))
                .containsExactly("[0,0,0,1]");
    }

    @Test
    void curationWritesStrangersByFunctionsAloneAndMatchingReadsTemplatesAlone() throws Exception {
        for (String table : List.of("stranger", "stranger_chip", "stranger_embedding", "stranger_template")) {
            assertThatThrownBy(() -> as("facestream_curation", "delete from facestream." + table))
                    .hasMessageContaining("permission denied");
        }
        assertThat(as("facestream_matching", "select * from facestream.stranger_template"))
                .isEmpty();
        assertThatThrownBy(() -> as("facestream_matching", "select * from facestream.stranger_chip"))
                .hasMessageContaining("permission denied");
    }

    private static List<String> as(String role, String sql) throws SQLException {
        try (Connection connection = GALLERY.as(role).getConnection()) {
            return TestGallery.query(connection, sql);
        }
    }
}
