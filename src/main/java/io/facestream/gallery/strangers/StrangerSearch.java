package io.facestream.gallery.strangers;

import io.facestream.database.Sql;
import io.facestream.embeddings.Embedding;
import io.facestream.gallery.VectorText;
import io.facestream.models.ModelVersion;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/** Finds the stranger whom a face is of. Reads only. */
public final class StrangerSearch {
    /** Of few strangers the threshold is that of so many, or the first ones would take in everybody who passes. */
    private static final long FEWEST = 100;

    /** The default least norm, as a multiple of the smallest one in the model version's calibration. */
    private static final float NORM_OF_CALIBRATED = 1.73f;

    private static final long COUNT_AGAIN_NANOS = Duration.ofSeconds(5).toNanos();

    private final DataSource dataSource;
    private final StrangersConfig config;
    private final Map<String, Counted> counts = new ConcurrentHashMap<>();

    private record Counted(long strangers, long at) {}

    public StrangerSearch(DataSource dataSource, StrangersConfig config) {
        this.dataSource = dataSource;
        this.config = config;
    }

    /**
     * The largest distance at which a face is a stranger's; as the database's {@code stranger_threshold}.
     *
     * @param strangers who are kept
     * @param distanceShift of the gallery, see {@link io.facestream.gallery.GalleryState}
     */
    public static float threshold(ModelVersion version, long strangers, float distanceShift, StrangersConfig config) {
        if (config.threshold().isPresent()) {
            return config.threshold().get();
        }
        OptionalDouble calibrated = version.calibration().threshold(Math.max(FEWEST, strangers), config.targetFpir());
        return calibrated.isEmpty()
                ? version.threshold()
                : (float) Math.min(2, Math.max(0, calibrated.getAsDouble() + distanceShift));
    }

    /** The least norm of a face that is searched among strangers, or kept. */
    public static float leastNorm(ModelVersion version, StrangersConfig config) {
        return config.minNorm()
                .orElseGet(() ->
                        NORM_OF_CALIBRATED * version.calibration().leastNorm().orElse(0f));
    }

    /**
     * The nearest stranger to each probe, in order; null where none is within the threshold, or the face is too poor.
     *
     * @param distanceShift of the gallery
     */
    public List<UUID> find(ModelVersion version, float distanceShift, List<Embedding> probes) throws SQLException {
        List<UUID> found = new ArrayList<>(Collections.nCopies(probes.size(), null));
        if (probes.isEmpty()) {
            return found;
        }
        return Sql.reading(dataSource, sql -> {
            long strangers = count(sql, version);
            if (strangers > 0) {
                float threshold = threshold(version, strangers, distanceShift, config);
                float leastNorm = leastNorm(version, config);
                sql.each(
                        0,
                        nearest(version),
                        row -> {
                            int probe = row.getInt(1) - 1;
                            if (row.getFloat(3) <= threshold
                                    && probes.get(probe).norm() >= leastNorm) {
                                found.set(probe, row.getObject(2, UUID.class));
                            }
                        },
                        Sql.array("text", probes.stream().map(VectorText::of).toArray()));
            }
            return found;
        });
    }

    private long count(Sql sql, ModelVersion version) throws SQLException {
        Counted known = counts.get(version.version());
        if (known != null && known.strangers > 0 && System.nanoTime() - known.at < COUNT_AGAIN_NANOS) {
            return known.strangers;
        }
        long strangers = sql.first(
                        "select count(*) from facestream.stranger_template where model_version = ?",
                        row -> row.getLong(1),
                        version.version())
                .orElseThrow();
        counts.put(version.version(), new Counted(strangers, System.nanoTime()));
        return strangers;
    }

    /** The index can be used only if version and dimensions are literals. */
    private static String nearest(ModelVersion version) {
        String distance = "t.embedding::vector(%1$d) <-> p.probe::vector(%1$d)".formatted(version.dimensions());
        return """
                select p.position, n.identity_id, n.distance
                from unnest(?::text[]::vector[]) with ordinality as p(probe, position)
                    cross join lateral (
                        select t.identity_id, %1$s as distance
                        from facestream.stranger_template t
                        where t.model_version = '%2$s'
                        order by %1$s
                        limit 1) n"""
                .formatted(distance, version.version());
    }
}
