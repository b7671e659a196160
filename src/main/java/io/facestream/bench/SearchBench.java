package io.facestream.bench;

import com.pgvector.PGvector;
import io.agroal.api.AgroalDataSource;
import io.facestream.database.Sql;
import io.facestream.embedded.Durability;
import io.facestream.embedded.LocalPostgres;
import io.facestream.embeddings.Embedding;
import io.facestream.gallery.GallerySchema;
import io.facestream.gallery.GallerySearch;
import io.facestream.gallery.VectorText;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** Fills a database of its own with made-up people, and searches it as the service does. */
final class SearchBench {
    private static final String VERSION = "bench-1";

    /** As {@code facestream.matching.candidates} has it by default. */
    private static final int NEIGHBOURS = 5;

    /** Exact searches that are timed; each reads every template. */
    private static final int EXACT = 20;

    /** Quality does not matter to the search. */
    private static final float NORM = 70;

    /** Memory for building the index: an element takes its vector and about 0.4 kB for its neighbours. */
    private static final int BYTES_OF_ELEMENT = 1_600;

    private static final int LEAST_BUILD_MEGABYTES = 256;

    /** Templates of one statement. */
    private static final int BATCH = 1_000;

    private final Path folder;
    private final int people;
    private final int photos;
    private final int probes;
    private final Consumer<String> progress;
    private final MadeUpPeople made = MadeUpPeople.shipped();
    private final List<Embedding> mated = new ArrayList<>();
    private final List<Embedding> unmated = new ArrayList<>();

    /**
     * @param folder for the database
     * @param photos of each person, whose mean is the template
     * @param probes of enrolled people, and as many of strangers
     * @param progress hears of each step, in words
     */
    SearchBench(Path folder, int people, int photos, int probes, Consumer<String> progress) {
        this.folder = folder;
        this.people = people;
        this.photos = photos;
        this.probes = probes;
        this.progress = progress;
    }

    /**
     * The figures.
     *
     * @param buildSeconds of the index
     * @param buildMegabytes of memory that building it was allowed
     * @param mated probes of enrolled people
     * @param unmated probes of strangers
     * @param exactMillis median of a search through all templates, by the planner's best plan
     * @param exactOverIndex that, over the median of mated probes, warm
     */
    record Report(
            int people,
            int photos,
            int dimensions,
            double buildSeconds,
            int buildMegabytes,
            long templateBytes,
            long indexBytes,
            Figures mated,
            Figures unmated,
            double exactMillis,
            double exactOverIndex) {}

    /**
     * @param recallAt1 share of probes whose nearest template was found
     * @param warm one search after another
     * @param restarted the same directly after a restart of the database
     */
    record Figures(int probes, double recallAt1, Millis warm, Millis restarted) {}

    /** The time of a search with one probe. */
    record Millis(double p50, double p99) {
        static Millis of(double[] millis) {
            return new Millis(BenchReport.percentile(millis, 0.5), BenchReport.percentile(millis, 0.99));
        }
    }

    Report run() throws SQLException {
        double buildSeconds;
        int buildMegabytes = (int) Math.max(LEAST_BUILD_MEGABYTES, (long) people * BYTES_OF_ELEMENT >> 20);
        long templateBytes;
        long indexBytes;
        double exactMillis;
        Probed matedWarm;
        Probed unmatedWarm;
        try (LocalPostgres server = LocalPostgres.start(folder, 0, Durability.DURABLE);
                AgroalDataSource database = server.pool()) {
            GallerySchema.migrate(database);
            progress.accept("enrolling " + people + " people");
            String templates = load(database);
            progress.accept("building the index");
            buildSeconds = build(database, buildMegabytes);
            templateBytes = number(database, "select pg_table_size('" + templates + "')");
            indexBytes = number(database, "select pg_indexes_size('" + templates + "')");
            progress.accept("searching");
            matedWarm = search(database, mated, true);
            unmatedWarm = search(database, unmated, true);
            exactMillis = exact(database);
        }
        progress.accept("searching after a restart");
        try (LocalPostgres server = LocalPostgres.start(folder, 0, Durability.DURABLE);
                AgroalDataSource database = server.pool()) {
            Millis matedRestarted = search(database, mated, false).millis();
            Millis unmatedRestarted = search(database, unmated, false).millis();
            return new Report(
                    people,
                    photos,
                    made.dimensions(),
                    buildSeconds,
                    buildMegabytes,
                    templateBytes,
                    indexBytes,
                    new Figures(probes, matedWarm.recall(), matedWarm.millis(), matedRestarted),
                    new Figures(probes, unmatedWarm.recall(), unmatedWarm.millis(), unmatedRestarted),
                    exactMillis,
                    exactMillis / matedWarm.millis().p50());
        }
    }

    /** As a new version comes in: its partitions are loaded before they are indexed. Returns the templates' table. */
    private String load(DataSource database) throws SQLException {
        String templates = Sql.on(database, sql -> {
            sql.execute(
                    """
                    insert into facestream.model_version (version, architecture, dimensions, input_side,
                        mirror_averaging, status, threshold, separation, sha256)
                    select ?, architecture, dimensions, input_side, mirror_averaging, 'standby', threshold, separation,
                        sha256('made up')
                    from facestream.model_version where status = 'active'""",
                    VERSION);
            sql.execute(
                    """
                    insert into facestream.identity (id, kind, name)
                    select lpad(to_hex(n), 32, '0')::uuid, 'person', 'person ' || n from generate_series(1, ?) n""",
                    people);
            sql.query(
                    "select facestream.create_model_partitions(?, ?)",
                    row -> row.getObject(1),
                    VERSION,
                    made.dimensions());
            return sql.first(
                            "select 'facestream.' || facestream.partition_name('template', ?)",
                            row -> row.getString(1),
                            VERSION)
                    .orElseThrow();
        });
        Sql.on(database, sql -> {
            enrol(sql, templates);
            return null;
        });
        return templates;
    }

    /** Adds the templates, and draws probes of people all over the table. */
    private void enrol(Sql sql, String templates) throws SQLException {
        SplittableRandom random = new SplittableRandom(1);
        String insert = "insert into " + templates + " (model_version, identity_id, embedding, samples)"
                + " select ?, lpad(to_hex(? + n), 32, '0')::uuid, v::vector, ?"
                + " from unnest(?::text[]) with ordinality u(v, n)";
        List<String> vectors = new ArrayList<>(BATCH);
        for (int n = 1; n <= people; n++) {
            float[] person = made.person(random);
            vectors.add(new PGvector(made.photos(person, photos, random)).getValue());
            if ((long) n * probes / people > mated.size()) {
                mated.add(probe(person, random));
                unmated.add(probe(made.person(random), random));
            }
            if (vectors.size() == BATCH || n == people) {
                long before = (long) n - vectors.size();
                sql.execute(insert, VERSION, before, photos, Sql.array("text", vectors.toArray()));
                vectors.clear();
            }
        }
    }

    private Embedding probe(float[] person, SplittableRandom random) {
        return Embedding.ofUnitVector(made.photos(person, 1, random), NORM);
    }

    private static double build(DataSource database, int megabytes) throws SQLException {
        return Sql.on(database, sql -> {
            sql.execute("set maintenance_work_mem = '" + megabytes + "MB'");
            long started = System.nanoTime();
            sql.query("select facestream.attach_model_partitions(?)", row -> row.getObject(1), VERSION);
            double seconds = (System.nanoTime() - started) / 1e9;
            sql.execute("vacuum analyze facestream.template");
            return seconds;
        });
    }

    private static long number(DataSource database, String query) throws SQLException {
        return Sql.on(database, sql -> sql.first(query, row -> row.getLong(1)).orElseThrow());
    }

    /** @param recall 0 if it was not measured */
    private record Probed(double recall, Millis millis) {}

    private static Probed search(DataSource database, List<Embedding> probes, boolean recall) throws SQLException {
        ModelVersion version = new ModelRegistry(database).find(VERSION).orElseThrow();
        GallerySearch gallery = new GallerySearch(database);
        double[] millis = new double[probes.size()];
        for (int i = 0; i < millis.length; i++) {
            long started = System.nanoTime();
            gallery.nearest(version, List.of(probes.get(i)), NEIGHBOURS);
            millis[i] = (System.nanoTime() - started) / 1e6;
        }
        int found = 0;
        for (Embedding probe : recall ? probes : List.<Embedding>of()) {
            found += gallery.findsNearest(version, probe, NEIGHBOURS).orElse(false) ? 1 : 0;
        }
        return new Probed((double) found / probes.size(), Millis.of(millis));
    }

    private double exact(DataSource database) throws SQLException {
        double[] millis = new double[Math.min(EXACT, mated.size())];
        Sql.on(database, sql -> {
            for (int i = 0; i < millis.length; i++) {
                long started = System.nanoTime();
                sql.first(
                        "select min(embedding <-> ?::vector) from facestream.template where model_version = ?",
                        row -> row.getDouble(1),
                        VectorText.of(mated.get(i)),
                        VERSION);
                millis[i] = (System.nanoTime() - started) / 1e6;
            }
            return null;
        });
        return Millis.of(millis).p50();
    }
}
