package io.facestream.gallery;

import io.facestream.database.Sql;
import io.facestream.embeddings.Embedding;
import io.facestream.models.ModelVersion;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/** Finds nearest neighbours among the templates with pgvector. Reads only. */
public class GallerySearch implements Gallery {
    /** Reads every template, because no index can compute an aggregate of distances. */
    private static final String EXACT =
            "select min(embedding <-> ?::vector) from facestream.template where model_version = ?";

    /** Shorter than the ten seconds after which the driver gives up the connection. */
    private static final Duration LONGEST_EXACT = Duration.ofSeconds(5);

    private final DataSource dataSource;
    private final GalleryStates states = new GalleryStates();

    public GallerySearch(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** The state is no newer than what is searched. */
    @Override
    public Result nearest(ModelVersion version, List<Embedding> probes, int k) throws SQLException {
        List<List<Neighbour>> neighbours = new ArrayList<>(probes.size());
        for (int i = 0; i < probes.size(); i++) {
            neighbours.add(new ArrayList<>(k));
        }
        return Sql.reading(dataSource, sql -> {
            GalleryState state = state(sql, version, prepare(sql, version, k));
            if (!probes.isEmpty()) {
                search(sql, sql(version, k), probes, neighbours);
            }
            return new Result(state, neighbours);
        });
    }

    /**
     * Whether an index search finds the nearest template, or another one at the same distance, compared with a search
     * through all templates. At 100,000 templates this takes the database about 50 ms, plus the time to read them from
     * disk. Empty if there are no templates.
     *
     * @param k the number of neighbours in the searches that this sample represents
     * @throws SQLException also if it takes longer than five seconds
     */
    public Optional<Boolean> findsNearest(ModelVersion version, Embedding probe, int k) throws SQLException {
        return Sql.reading(dataSource, sql -> {
            // An enrolment between the two searches would look like a miss.
            sql.execute("set transaction isolation level repeatable read");
            sql.execute("set local statement_timeout = " + LONGEST_EXACT.toMillis());
            prepare(sql, version, k);
            List<Neighbour> found = new ArrayList<>(k);
            search(sql, sql(version, k), List.of(probe), List.of(found));
            return sql.first(EXACT, GallerySearch::distance, VectorText.of(probe), version.version())
                    .map(nearest -> !found.isEmpty() && found.get(0).distance() <= nearest);
        });
    }

    /** Null if there is no template. */
    private static Float distance(ResultSet row) throws SQLException {
        float distance = row.getFloat(1);
        return row.wasNull() ? null : distance;
    }

    /** Sets how many candidates the index keeps, for this transaction. Returns the gallery's revision. */
    private static long prepare(Sql sql, ModelVersion version, int k) throws SQLException {
        return sql.first(
                        "select case when is_called then last_value else 0 end, set_config('hnsw.ef_search',"
                                + " facestream.search_candidates(?, ?)::text, true) from facestream.gallery_revision",
                        row -> row.getLong(1),
                        version.version(),
                        k)
                .orElseThrow();
    }

    private GalleryState state(Sql sql, ModelVersion version, long revision) throws SQLException {
        return states.of(version.version(), revision, () -> sql.first(
                        "select (select count(*) from facestream.template where model_version = ?),"
                                + " (select distance_shift from facestream.gallery_measure"
                                + " where model_version = ?)",
                        row -> new GalleryState(revision, row.getLong(1), row.getFloat(2)),
                        version.version(),
                        version.version())
                .orElseThrow());
    }

    /** The index can be used only if version, dimensions and limit are literals. */
    static String sql(ModelVersion version, int k) {
        String distance = "t.embedding::vector(%1$d) <-> p.probe::vector(%1$d)".formatted(version.dimensions());
        return """
                select p.position, n.identity_id, i.name, n.distance, n.samples, exists (
                    select from facestream.negative_embedding x
                    where x.model_version = '%2$s' and x.identity_id = n.identity_id
                        and x.embedding <-> p.probe < n.distance)
                from unnest(?::text[]::vector[]) with ordinality as p(probe, position)
                    cross join lateral (
                        select t.identity_id, t.samples, %1$s as distance
                        from facestream.template t
                        where t.model_version = '%2$s'
                        order by %1$s
                        limit %3$d) n
                    join facestream.identity i on i.id = n.identity_id
                order by p.position, n.distance, n.identity_id"""
                .formatted(distance, version.version(), k);
    }

    private static void search(Sql sql, String search, List<Embedding> probes, List<List<Neighbour>> neighbours)
            throws SQLException {
        sql.each(
                0,
                search,
                row -> neighbours
                        .get(row.getInt(1) - 1)
                        .add(new Neighbour(
                                row.getObject(2, UUID.class),
                                row.getString(3),
                                row.getFloat(4),
                                row.getInt(5),
                                row.getBoolean(6))),
                Sql.array("text", probes.stream().map(VectorText::of).toArray()));
    }
}
