package io.facestream.gallery;

import io.facestream.embeddings.Embedding;
import io.facestream.models.ModelVersion;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Reads from the gallery whom a new photo is like. */
public final class GalleryLikeness {
    /** The newest of the person's samples that a photo is compared with: hundreds more say no more. */
    private static final int SAMPLES = 50;

    private static final UUID NOBODY = new UUID(0, 0);

    private GalleryLikeness() {}

    /**
     * In the transaction at hand.
     *
     * @param version the active one, which the embedding is of
     * @param person null where there is no such person yet
     */
    public static Likeness read(EntityManager database, ModelVersion version, Embedding embedding, UUID person) {
        String probe = Vectors.text(embedding);
        float threshold = ((Number) database.createNativeQuery("select facestream.match_threshold(:version)")
                        .setParameter("version", version.version())
                        .getSingleResult())
                .floatValue();
        return new Likeness(
                threshold,
                version.separation(),
                person == null ? Optional.empty() : own(database, version, probe, person),
                person == null
                        ? Optional.empty()
                        : samples(database, version, person, "min(e.embedding <-> p.probe)", probe),
                person == null ? Optional.empty() : spread(database, version, person),
                other(database, version, probe, person));
    }

    private static Optional<Float> own(EntityManager database, ModelVersion version, String probe, UUID person) {
        return first(database.createNativeQuery(
                        "select cast(t.embedding <-> cast(cast(:probe as text) as vector) as real)"
                                + " from facestream.template t where t.model_version = :version and t.identity_id = :person")
                .setParameter("probe", probe)
                .setParameter("version", version.version())
                .setParameter("person", person)
                .getResultList());
    }

    private static Optional<Float> samples(
            EntityManager database, ModelVersion version, UUID person, String aggregate, String probe) {
        return first(database.createNativeQuery(newest() + "select cast(" + aggregate + " as real) from newest e,"
                        + " (select cast(cast(:probe as text) as vector) as probe) p")
                .setParameter("probe", probe)
                .setParameter("version", version.version())
                .setParameter("person", person)
                .getResultList());
    }

    private static Optional<Float> spread(EntityManager database, ModelVersion version, UUID person) {
        return first(database.createNativeQuery(newest() + "select cast(max(e.embedding <-> o.embedding) as real)"
                        + " from newest e join newest o on o.sample_id < e.sample_id")
                .setParameter("version", version.version())
                .setParameter("person", person)
                .getResultList());
    }

    private static String newest() {
        return "with newest as (select e.sample_id, e.embedding from facestream.face_sample s"
                + " join facestream.face_embedding e on e.sample_id = s.id and e.model_version = :version"
                + " where s.identity_id = :person and s.enrolled order by s.created_at desc, s.id limit " + SAMPLES
                + ") ";
    }

    /** By the index, which serves a query whose version, dimensions and limit are literals. */
    private static Optional<Neighbour> other(EntityManager database, ModelVersion version, String probe, UUID person) {
        String distance = "cast(t.embedding as vector(%1$d)) <-> cast(cast(:probe as text) as vector(%1$d))"
                .formatted(version.dimensions());
        List<?> rows = database.createNativeQuery("select n.identity_id, i.name, cast(n.distance as real) from ("
                        + "select t.identity_id, " + distance + " as distance from facestream.template t"
                        + " where t.model_version = '" + version.version() + "' order by " + distance + " limit 2) n"
                        + " join facestream.identity i on i.id = n.identity_id"
                        + " where n.identity_id <> :person and i.kind = 'person' order by n.distance limit 1")
                .setParameter("probe", probe)
                .setParameter("person", person == null ? NOBODY : person)
                .getResultList();
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        Object[] row = (Object[]) rows.get(0);
        return Optional.of(new Neighbour((UUID) row[0], (String) row[1], ((Number) row[2]).floatValue()));
    }

    private static Optional<Float> first(List<?> rows) {
        return rows.isEmpty() || rows.get(0) == null
                ? Optional.empty()
                : Optional.of(((Number) rows.get(0)).floatValue());
    }
}
