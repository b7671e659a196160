package io.facestream.gallery;

import com.pgvector.PGvector;
import io.facestream.database.Sql;
import io.facestream.embeddings.Embedding;
import io.facestream.models.ModelVersion;
import jakarta.persistence.EntityManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/** Compares a new photo with the gallery. */
public final class GalleryLikeness {
    /** A photo is compared with this many of the person's newest samples. Hundreds more would add nothing. */
    private static final int SAMPLES = 50;

    private static final String NEWEST = "with newest as (select e.sample_id, e.embedding from facestream.face_sample s"
            + " join facestream.face_embedding e on e.sample_id = s.id and e.model_version = ?"
            + " where s.identity_id = ? and s.enrolled order by s.created_at desc, s.id limit " + SAMPLES + ") ";

    private static final UUID NOBODY = new UUID(0, 0);

    private GalleryLikeness() {}

    /**
     * Runs in the current transaction.
     *
     * @param version the active version, which made the embedding
     * @param person null if the person does not exist yet
     */
    public static Likeness read(EntityManager database, ModelVersion version, Embedding embedding, UUID person) {
        return Sql.among(database, sql -> read(sql, version, new PGvector(embedding.vector()), person));
    }

    private static Likeness read(Sql sql, ModelVersion version, PGvector probe, UUID person) throws SQLException {
        Optional<Neighbour> other = other(sql, version, probe, person);
        float threshold = sql.first(
                        "select facestream.template_threshold(facestream.match_threshold(?), ?, ?)",
                        row -> row.getFloat(1),
                        version.version(),
                        other.map(Neighbour::samples).orElse(1),
                        version.calibration().averaging())
                .orElseThrow();
        return new Likeness(
                threshold,
                version.separation(),
                person == null ? Optional.empty() : own(sql, version, probe, person),
                person == null ? Optional.empty() : nearest(sql, version, probe, person),
                person == null ? Optional.empty() : spread(sql, version, person),
                other);
    }

    private static Optional<Float> own(Sql sql, ModelVersion version, PGvector probe, UUID person) throws SQLException {
        return sql.first(
                "select (t.embedding <-> ?::vector)::real from facestream.template t"
                        + " where t.model_version = ? and t.identity_id = ?",
                GalleryLikeness::distance,
                probe,
                version.version(),
                person);
    }

    private static Optional<Float> nearest(Sql sql, ModelVersion version, PGvector probe, UUID person)
            throws SQLException {
        return sql.first(
                NEWEST + "select min(e.embedding <-> ?::vector)::real from newest e",
                GalleryLikeness::distance,
                version.version(),
                person,
                probe);
    }

    private static Optional<Float> spread(Sql sql, ModelVersion version, UUID person) throws SQLException {
        return sql.first(
                NEWEST + "select max(e.embedding <-> o.embedding)::real"
                        + " from newest e join newest o on o.sample_id < e.sample_id",
                GalleryLikeness::distance,
                version.version(),
                person);
    }

    /** Uses the index, which requires that version, dimensions and limit are literals. */
    private static Optional<Neighbour> other(Sql sql, ModelVersion version, PGvector probe, UUID person)
            throws SQLException {
        String distance = "t.embedding::vector(%1$d) <-> ?::vector(%1$d)".formatted(version.dimensions());
        return sql.first(
                "select n.identity_id, i.name, n.distance::real, n.samples from ("
                        + "select t.identity_id, t.samples, " + distance + " as distance from facestream.template t"
                        + " where t.model_version = '" + version.version() + "' order by " + distance + " limit 2) n"
                        + " join facestream.identity i on i.id = n.identity_id"
                        + " where n.identity_id <> ? and i.kind = 'person' order by n.distance limit 1",
                row -> new Neighbour(row.getObject(1, UUID.class), row.getString(2), row.getFloat(3), row.getInt(4)),
                probe,
                probe,
                person == null ? NOBODY : person);
    }

    /** Null if there is nothing to compare with. */
    private static Float distance(ResultSet row) throws SQLException {
        return row.getObject(1, Float.class);
    }
}
