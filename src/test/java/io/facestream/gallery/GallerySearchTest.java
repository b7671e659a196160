package io.facestream.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import com.pgvector.PGvector;
import io.facestream.embeddings.Embedding;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Two versions of different dimensions side by side, each with a few thousand templates. */
class GallerySearchTest {
    private static final int PEOPLE = 3_000;
    private static final TestGallery GALLERY = TestGallery.of(GallerySearchTest.class);
    private static List<UUID> people;

    @BeforeAll
    static void fill() throws SQLException {
        GALLERY.renew();
        people = GALLERY.addPeople(PEOPLE);
        Random random = new Random(1);
        GALLERY.addVersion("wide-1", 192, people, random);
        GALLERY.addVersion("narrow-1", 128, people, random);
        GALLERY.execute("analyze");
    }

    private static ModelVersion version(String name) throws SQLException {
        return new ModelRegistry(GALLERY.dataSource()).find(name).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"wide-1, false", "wide-1, true", "narrow-1, false", "narrow-1, true"})
    void theIndexServesTheQueryAlsoAfterTheSixthExecution(String name, boolean generic) throws Exception {
        ModelVersion version = version(name);
        String probes = "array['" + TestGallery.text(TestGallery.randomUnitVector(version.dimensions(), new Random(2)))
                + "', '" + TestGallery.text(TestGallery.randomUnitVector(version.dimensions(), new Random(3))) + "']";
        try (Connection connection = GALLERY.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            if (generic) {
                statement.execute("set plan_cache_mode = force_generic_plan");
            }
            statement.execute("prepare search (text[]) as "
                    + GallerySearch.sql(version, 5).replace("?", "$1"));
            assertIndexed(connection, version, probes);
            for (int i = 0; i < 6; i++) {
                assertThat(TestGallery.query(connection, "execute search (" + probes + ")"))
                        .hasSize(10);
            }
            assertIndexed(connection, version, probes);
        }
    }

    private static void assertIndexed(Connection connection, ModelVersion version, String probes) throws SQLException {
        String partition = partition(version.version());
        String plan = String.join("\n", TestGallery.query(connection, "explain execute search (" + probes + ")"));
        assertThat(plan)
                .contains("Index Scan using " + partition + "_embedding_idx")
                .contains("<->")
                .doesNotContain("Seq Scan on " + partition);
    }

    private static String partition(String version) throws SQLException {
        try (Connection connection = GALLERY.dataSource().getConnection()) {
            return TestGallery.query(connection, "select facestream.partition_name('template', '" + version + "')")
                    .get(0);
        }
    }

    @Test
    void aNegativeThatIsNearerThanThePersonsTemplateRulesThePersonOutForThatProbe() throws Exception {
        ModelVersion version = version("narrow-1");
        String template = GALLERY.query("select embedding from facestream.template where model_version = 'narrow-1'"
                        + " and identity_id = '" + people.get(7) + "'")
                .get(0);
        float[] of7 = vector(template);
        float[] alike = mixed(of7, TestGallery.randomUnitVector(128, new Random(9)));
        UUID negative = UUID.randomUUID();
        GALLERY.execute(
                """
                insert into facestream.negative (id, identity_id, source, event_id, chip)
                    values ('%1$s', '%2$s', '/cameras/lobby', 'f#0', 'chip');
                insert into facestream.negative_embedding values ('narrow-1', '%2$s', '%1$s', '%3$s')"""
                        .formatted(negative, people.get(7), TestGallery.text(alike)));

        List<List<Neighbour>> found = new GallerySearch(GALLERY.as("facestream_matching"))
                .nearest(version, List.of(Embedding.ofUnitVector(of7, 70), Embedding.ofUnitVector(alike, 70)), 2)
                .neighbours();

        GALLERY.execute("delete from facestream.negative where id = '" + negative + "'");
        assertThat(found)
                .extracting(neighbours -> neighbours.get(0).identityId())
                .containsOnly(people.get(7));
        assertThat(found).extracting(neighbours -> neighbours.get(0).ruledOut()).containsExactly(false, true);
        assertThat(found).extracting(neighbours -> neighbours.get(1).ruledOut()).containsOnly(false);
    }

    private static float[] vector(String text) throws SQLException {
        return new PGvector(text).toArray();
    }

    /** Between two unit vectors, nearer to the first. */
    private static float[] mixed(float[] one, float[] other) {
        float[] mixed = new float[one.length];
        double squares = 0;
        for (int i = 0; i < one.length; i++) {
            mixed[i] = 3 * one[i] + other[i];
            squares += mixed[i] * mixed[i];
        }
        for (int i = 0; i < one.length; i++) {
            mixed[i] /= (float) Math.sqrt(squares);
        }
        return mixed;
    }

    @ParameterizedTest
    @ValueSource(strings = {"wide-1", "narrow-1"})
    void theNearestAreThoseOfAnExactSearchInTheProbesOrder(String name) throws Exception {
        ModelVersion version = version(name);
        List<float[]> probes = IntStream.range(0, 20)
                .mapToObj(i -> TestGallery.randomUnitVector(version.dimensions(), new Random(100 + i)))
                .toList();

        GallerySearch.Result found = new GallerySearch(GALLERY.dataSource())
                .nearest(
                        version,
                        probes.stream()
                                .map(probe -> Embedding.ofUnitVector(probe, 70))
                                .toList(),
                        5);

        int nearestFound = 0;
        for (int i = 0; i < probes.size(); i++) {
            List<Neighbour> neighbours = found.neighbours().get(i);
            assertThat(neighbours)
                    .hasSize(5)
                    .isSortedAccordingTo(Comparator.comparing(Neighbour::distance))
                    .allSatisfy(neighbour -> assertThat(neighbour.name()).startsWith("person "));
            String exact = GALLERY.query("select identity_id from facestream.template where model_version = '" + name
                            + "' order by embedding <-> '" + TestGallery.text(probes.get(i)) + "' limit 1")
                    .get(0);
            nearestFound += neighbours.get(0).identityId().toString().equals(exact) ? 1 : 0;
        }
        // Random points are all about equally far, the hardest case for an approximate index; faces are not.
        assertThat(nearestFound).isGreaterThanOrEqualTo(17);
    }

    /** An index scan ends with as many candidates as it keeps; the planner takes one where a gallery is large. */
    @ParameterizedTest
    @ValueSource(ints = {1, 100, 101, 700, 1_000})
    void asManyNeighboursComeAsAreAskedForAlsoFromTheIndex(int k) throws Exception {
        PGSimpleDataSource indexed = (PGSimpleDataSource) GALLERY.dataSource();
        indexed.setOptions("-c enable_seqscan=off -c enable_sort=off -c enable_bitmapscan=off");
        float[] probe = TestGallery.randomUnitVector(128, new Random(4));

        GallerySearch.Result found =
                new GallerySearch(indexed).nearest(version("narrow-1"), List.of(Embedding.ofUnitVector(probe, 70)), k);

        assertThat(found.neighbours().get(0)).hasSize(k);
        try (Connection connection = indexed.getConnection()) {
            assertThat(TestGallery.query(
                            connection,
                            "select name from facestream.match_face('" + TestGallery.text(probe) + "', " + k
                                    + ", 'narrow-1')"))
                    .hasSize(k);
        }
    }

    /** An exact search misses nobody; an index with very few neighbours a point misses many. */
    @Test
    void aSampleTellsWhetherTheIndexFoundTheNearest() throws Exception {
        GALLERY.addVersion("sparse-1", 64, people, new Random(5));
        String partition = "facestream." + partition("sparse-1");
        GALLERY.execute("drop index " + partition + "_embedding_idx");
        GALLERY.execute("create index on " + partition
                + " using hnsw ((embedding::vector(64)) vector_l2_ops) with (m = 2, ef_construction = 4)");
        PGSimpleDataSource indexed = (PGSimpleDataSource) GALLERY.dataSource();
        indexed.setOptions("-c enable_seqscan=off -c enable_sort=off -c enable_bitmapscan=off");
        PGSimpleDataSource exact = (PGSimpleDataSource) GALLERY.dataSource();
        exact.setOptions("-c enable_indexscan=off");
        ModelVersion version = version("sparse-1");
        int foundByIndex = 0;
        for (int i = 0; i < 20; i++) {
            Embedding probe = Embedding.ofUnitVector(TestGallery.randomUnitVector(64, new Random(100 + i)), 70);

            assertThat(new GallerySearch(exact).findsNearest(version, probe, 5)).contains(true);
            boolean found =
                    new GallerySearch(indexed).findsNearest(version, probe, 5).orElseThrow();

            assertThat(found)
                    .isEqualTo(nearest(indexed, version, probe).distance()
                            <= nearest(exact, version, probe).distance());
            foundByIndex += found ? 1 : 0;
        }
        assertThat(foundByIndex).isBetween(1, 19);
    }

    @Test
    void whereNobodyIsEnrolledThereIsNothingToFind() throws Exception {
        GALLERY.addVersion("empty-1", 8, List.of(), new Random(6));
        Embedding probe = Embedding.ofUnitVector(TestGallery.randomUnitVector(8, new Random(7)), 70);

        assertThat(new GallerySearch(GALLERY.dataSource()).findsNearest(version("empty-1"), probe, 5))
                .isEmpty();
    }

    private static Neighbour nearest(PGSimpleDataSource database, ModelVersion version, Embedding probe)
            throws SQLException {
        return new GallerySearch(database)
                .nearest(version, List.of(probe), 5)
                .neighbours()
                .get(0)
                .get(0);
    }
}
