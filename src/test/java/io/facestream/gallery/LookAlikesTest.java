package io.facestream.gallery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facestream.cli.CommandRun;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LookAlikesTest {
    private static final TestGallery GALLERY = TestGallery.of(LookAlikesTest.class);

    /** Ann and Eve are sisters. Bob looks a little like Eve, and nobody like Dan. */
    @BeforeEach
    void fourPeople() throws SQLException {
        GALLERY.renew();
        add("Eve", 1, 0, 0);
        add("Ann", 1, 0.6f, 0);
        add("Bob", 0.4f, -0.9f, 0);
        add("Dan", 0, 0, 1);
    }

    private static void add(String name, float... start) throws SQLException {
        float[] vector = new float[192];
        System.arraycopy(start, 0, vector, 0, start.length);
        GALLERY.execute("insert into facestream.identity (kind, name) values ('person', '" + name + "');"
                + " insert into facestream.template (model_version, identity_id, embedding, samples)"
                + " select 'mobilefacenet-1', id, l2_normalize('" + TestGallery.text(vector)
                + "'::vector), 1 from facestream.identity where name = '" + name + "'");
    }

    @Test
    void pairsWithinTheThresholdAreListedOnceAndNobodyWithThemselves() throws SQLException {
        assertThat(pairs("")).containsExactly("Ann Eve 0.53");
    }

    @Test
    void aLargerDistanceListsThoseWhoAreLessAlikeNearestFirst() throws SQLException {
        assertThat(pairs("1.15")).containsExactly("Ann Eve 0.53", "Bob Eve 1.09");
    }

    @Test
    void aTemplateOfManyPhotosIsJudgedByItsOwnThreshold() throws SQLException {
        GALLERY.execute("update facestream.template t set samples = 8 from facestream.identity i"
                + " where i.id = t.identity_id and i.name in ('Ann', 'Eve')");
        String threshold = "facestream.template_threshold(facestream.match_threshold('mobilefacenet-1'), %d,"
                + " (select (calibration ->> 'averaging')::float8 from facestream.model_version))";

        double one = Double.parseDouble(
                GALLERY.query("select " + threshold.formatted(1)).get(0));
        double eight = Double.parseDouble(
                GALLERY.query("select " + threshold.formatted(8)).get(0));

        place("Ann", (one + eight) / 2);
        assertThat(eight).isLessThan(one);
        assertThat(pairs("")).isEmpty();
    }

    /** Puts somebody at a distance from Eve. */
    private static void place(String name, double distance) throws SQLException {
        float[] vector = new float[192];
        vector[0] = (float) (1 - distance * distance / 2);
        vector[5] = (float) Math.sqrt(1 - vector[0] * vector[0]);
        GALLERY.execute("update facestream.template t set embedding = '" + TestGallery.text(vector)
                + "' from facestream.identity i where i.id = t.identity_id and i.name = '" + name + "'");
    }

    @Test
    void whoeverMayReadTheGalleryMayListThem() throws SQLException {
        try (Connection reader = GALLERY.reader()) {
            assertThat(TestGallery.query(reader, "select name, other_name from facestream.look_alikes()"))
                    .containsExactly("Ann Eve");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-0.1", "2.1", "'NaN'"})
    void whatIsNoDistanceIsAnError(String within) {
        assertThatThrownBy(() -> pairs(within)).hasMessageContaining("a distance is 0 to 2");
    }

    @Test
    void theCommandSaysWhoLooksLikeWhom() {
        assertThat(run("look-alikes").outLines()).containsExactly("Ann looks like Eve (0.53)");
    }

    @Test
    void theCommandListsThePairsOfOnePerson() {
        assertThat(run("look-alikes", "--within", "1.15", "--person", "Bob").outLines())
                .containsExactly("Bob looks like Eve (1.09)");
    }

    @Test
    void whereNobodyLooksAlikeTheCommandSaysSo() {
        assertThat(run("look-alikes", "--person", "Dan").outLines()).containsExactly("No people who look alike.");
    }

    @Test
    void programsGetIdsAndDistances() throws Exception {
        JsonNode pair = new ObjectMapper().readTree(run("look-alikes", "--json").out());

        assertThat(pair.get("name").textValue()).isEqualTo("Ann");
        assertThat(pair.get("otherId").textValue())
                .isEqualTo(GALLERY.query("select id from facestream.identity where name = 'Eve'")
                        .get(0));
        assertThat(pair.get("distance").doubleValue()).isBetween(0.53, 0.54);
    }

    @Test
    void aDistanceThatIsNoneIsWrongUsage() {
        assertThat(run("look-alikes", "--within", "3").exitCode()).isEqualTo(2);
    }

    private static List<String> pairs(String within) throws SQLException {
        return GALLERY.query(
                "select name, other_name, round(distance::numeric, 2) from facestream.look_alikes(" + within + ")");
    }

    private static CommandRun run(String... arguments) {
        try (CommandRun.Properties properties = new CommandRun.Properties(GALLERY.asProperties())) {
            String[] all = new String[arguments.length + 1];
            all[0] = "gallery";
            System.arraycopy(arguments, 0, all, 1, arguments.length);
            return CommandRun.of(all);
        }
    }
}
