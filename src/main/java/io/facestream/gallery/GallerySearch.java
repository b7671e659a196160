package io.facestream.gallery;

import io.facestream.embeddings.Embedding;
import io.facestream.models.ModelVersion;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/** Nearest neighbours among the templates, in PostgreSQL with pgvector. Only reads. */
public final class GallerySearch {
    /**
     * Candidates that the HNSW index keeps while it searches, at least: of the faces of 100,000 enrolled people 200 found the
     * nearest template for 997 and 1,000 of 1,000, 100 for 983 and 995 (docs/sql.md). A search yields no more than it keeps.
     */
    private static final int LEAST_EF_SEARCH = 200;

    /** The most that pgvector keeps. */
    private static final int MOST_EF_SEARCH = 1_000;

    /** From here on, one more or less does not move the threshold. */
    private static final int MANY_TEMPLATES = 5_000;

    private static final long COUNT_AGAIN_NANOS = Duration.ofSeconds(5).toNanos();

    /** Reads every template: no index yields an aggregate of distances. */
    private static final String EXACT =
            "select min(embedding <-> ?::vector) from facestream.template where model_version = ?";

    /** Below the ten seconds after which the driver takes the database for lost. */
    private static final Duration LONGEST_EXACT = Duration.ofSeconds(5);

    private final DataSource dataSource;
    private final Map<String, Counted> states = new ConcurrentHashMap<>();

    public GallerySearch(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** A state, and when it was read. */
    private record Counted(GalleryState state, long at) {}

    /**
     * What a search found.
     *
     * @param state of the gallery, no newer than what was searched
     * @param neighbours for each probe, nearest first
     */
    public record Result(GalleryState state, List<List<Neighbour>> neighbours) {}

    /**
     * The {@code k} identities, 1,000 at most, whose templates under {@code version} are nearest to each probe; fewer where
     * the gallery holds fewer.
     */
    public Result nearest(ModelVersion version, List<Embedding> probes, int k) throws SQLException {
        List<List<Neighbour>> neighbours = new ArrayList<>(probes.size());
        for (int i = 0; i < probes.size(); i++) {
            neighbours.add(new ArrayList<>(k));
        }
        return reading(connection -> {
            GalleryState state = state(connection, version, prepare(connection, k));
            if (!probes.isEmpty()) {
                search(connection, sql(version, k), probes, neighbours);
            }
            return new Result(state, neighbours);
        });
    }

    /**
     * Whether a search by the index finds the template that is nearest to the probe, or another one that is as near: compares it
     * with a search through all of them. That takes the database about 50 ms at 100,000 templates, which it may have to read
     * from the disk first. Empty where there are no templates.
     *
     * @param k as many as the searches ask for that this one stands for
     * @throws SQLException also where it takes longer than five seconds
     */
    public Optional<Boolean> findsNearest(ModelVersion version, Embedding probe, int k) throws SQLException {
        return reading(connection -> {
            // What is enrolled between the two searches would look like a miss.
            execute(connection, "set transaction isolation level repeatable read");
            execute(connection, "set local statement_timeout = " + LONGEST_EXACT.toMillis());
            prepare(connection, k);
            List<Neighbour> found = new ArrayList<>(k);
            search(connection, sql(version, k), List.of(probe), List.of(found));
            try (PreparedStatement exact = connection.prepareStatement(EXACT)) {
                exact.setString(1, Vectors.text(probe));
                exact.setString(2, version.version());
                try (ResultSet row = exact.executeQuery()) {
                    row.next();
                    float nearest = row.getFloat(1);
                    return row.wasNull()
                            ? Optional.empty()
                            : Optional.of(!found.isEmpty() && found.get(0).distance() <= nearest);
                }
            }
        });
    }

    /** What is done in a transaction that only reads. */
    private interface Reading<T> {
        T with(Connection connection) throws SQLException;
    }

    private <T> T reading(Reading<T> reading) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            try {
                return reading.with(connection);
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
                connection.setReadOnly(false);
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long prepare(Connection connection, int k) throws SQLException {
        int efSearch = Math.min(MOST_EF_SEARCH, Math.max(LEAST_EF_SEARCH, k));
        try (PreparedStatement revision = connection.prepareStatement(
                        "select case when is_called then last_value else 0 end," + " set_config('hnsw.ef_search', '"
                                + efSearch + "', true) from facestream.gallery_revision");
                ResultSet row = revision.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /**
     * Counting takes a while, so it is done once for each revision; and again after a while, for the transaction that made the
     * revision may not have been committed when it was counted.
     */
    private GalleryState state(Connection connection, ModelVersion version, long revision) throws SQLException {
        Counted known = states.get(version.version());
        if (known != null && System.nanoTime() - known.at() < COUNT_AGAIN_NANOS) {
            GalleryState state = known.state();
            if (state.revision() == revision) {
                return state;
            }
            if (state.templates() >= MANY_TEMPLATES) {
                return new GalleryState(revision, state.templates(), state.distanceShift());
            }
        }
        try (PreparedStatement count =
                connection.prepareStatement("select (select count(*) from facestream.template where model_version = ?),"
                        + " (select distance_shift from facestream.gallery_measure where model_version = ?)")) {
            count.setString(1, version.version());
            count.setString(2, version.version());
            try (ResultSet row = count.executeQuery()) {
                row.next();
                GalleryState state = new GalleryState(revision, row.getLong(1), row.getFloat(2));
                states.put(version.version(), new Counted(state, System.nanoTime()));
                return state;
            }
        }
    }

    /** The index serves the query only if version, dimensions and limit are literals. */
    static String sql(ModelVersion version, int k) {
        String distance = "t.embedding::vector(%1$d) <-> p.probe::vector(%1$d)".formatted(version.dimensions());
        return """
                select p.position, n.identity_id, i.name, n.distance
                from unnest(?::text[]::vector[]) with ordinality as p(probe, position)
                    cross join lateral (
                        select t.identity_id, %1$s as distance
                        from facestream.template t
                        where t.model_version = '%2$s'
                        order by %1$s
                        limit %3$d) n
                    join facestream.identity i on i.id = n.identity_id
                order by p.position, n.distance, n.identity_id"""
                .formatted(distance, version.version(), k);
    }

    private static void search(
            Connection connection, String sql, List<Embedding> probes, List<List<Neighbour>> neighbours)
            throws SQLException {
        String[] texts = probes.stream().map(Vectors::text).toArray(String[]::new);
        Array array = connection.createArrayOf("text", texts);
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setArray(1, array);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    neighbours
                            .get(rows.getInt(1) - 1)
                            .add(new Neighbour(rows.getObject(2, UUID.class), rows.getString(3), rows.getFloat(4)));
                }
            }
        } finally {
            array.free();
        }
    }
}
