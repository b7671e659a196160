package io.facestream.gallery.strangers;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.database.Sql;
import io.facestream.embeddings.Embedding;
import io.facestream.faces.Quality;
import io.facestream.gallery.GallerySchema;
import io.facestream.gallery.VectorText;
import io.facestream.messaging.Json;
import io.facestream.messaging.RecordPointer;
import io.facestream.messaging.Sha256;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Keeps strangers by the database's function {@code keep_stranger}. */
public final class StrangerStore {
    private final StrangersConfig config;
    private final Duration keep;

    /**
     * @param config whose target or threshold says how near a stranger's face is
     * @param keep how long a new stranger is kept
     */
    public StrangerStore(StrangersConfig config, Duration keep) {
        this.config = config;
        this.keep = keep;
    }

    /**
     * A face as {@code keep_stranger} takes it.
     *
     * @param sha256 of the chip
     * @param chip the aligned face
     * @param vectors by model version; it must have one under every live version
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Face(
            byte[] sha256,
            byte[] chip,
            Quality quality,
            String topic,
            int partition,
            long offset,
            Map<String, Vector> vectors) {
        /** @param place of the chip's record */
        public static Face of(byte[] chip, Quality quality, RecordPointer place, Map<String, Embedding> embeddings) {
            Map<String, Vector> vectors = new HashMap<>();
            embeddings.forEach((version, embedding) ->
                    vectors.put(version, new Vector(VectorText.of(embedding), embedding.norm())));
            return new Face(Sha256.of(chip), chip, quality, place.topic(), place.partition(), place.offset(), vectors);
        }
    }

    /**
     * A vector as {@code keep_stranger} takes it.
     *
     * @param embedding of unit length, as pgvector reads it
     * @param norm length before it was made a unit vector
     */
    public record Vector(String embedding, float norm) {}

    /** JSON for {@link #keep}. */
    public static String json(List<Face> faces) {
        return new String(Json.write(faces), UTF_8);
    }

    private record Found(UUID stranger) {}

    /**
     * Keeps the stranger of a visit.
     *
     * @param source of the visit, a URI reference
     * @param told whom the visit was told to be of; null if it was nobody's
     * @param faces of {@link #json}, at least one
     * @return who it is, somebody new or known before; empty if the model versions have changed since the faces were
     *     embedded
     * @throws SQLException with state {@value GallerySchema#REFUSED} if it is somebody who is enrolled, or in doubt
     */
    public Optional<UUID> keep(Sql sql, String source, String sightingId, UUID told, String faces) throws SQLException {
        return Optional.ofNullable(sql.first(
                        "select facestream.keep_stranger(?, ?, ?::uuid, make_interval(secs => ?), ?, ?, ?::real,"
                                + " ?::jsonb) as id",
                        row -> new Found(row.getObject("id", UUID.class)),
                        source,
                        sightingId,
                        told,
                        keep.toMillis() / 1e3,
                        config.targetFpir(),
                        config.doubtFpir(),
                        config.threshold().orElse(null),
                        faces)
                .orElseThrow()
                .stranger);
    }
}
