package io.facestream.gallery;

import com.pgvector.PGvector;
import io.facestream.database.Sql;
import io.facestream.embeddings.Embedding;
import io.facestream.embeddings.NoEmbeddingException;
import io.facestream.faces.ChipPng;
import io.facestream.frames.Picture;
import io.facestream.messaging.RejectedException;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import io.facestream.networks.ComputeDevice;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/**
 * Embeds the gallery's samples and negatives under a model version from their stored chips, and computes the templates.
 * Each batch is read, embedded outside any transaction, and written in one. Finished batches survive a crash, and only
 * missing embeddings are computed. Several may run concurrently.
 */
final class Reembedding {
    private static final Logger LOG = Logger.getLogger(Reembedding.class);

    /** Takes seconds on a CPU, so little is lost in a crash. */
    private static final int BATCH = 64;

    private static final UUID FIRST = new UUID(0, 0);

    private final DataSource dataSource;
    private final ComputeDevice device;
    private final ModelRegistry registry;

    Reembedding(DataSource dataSource, ComputeDevice device) {
        this.dataSource = dataSource;
        this.device = device;
        this.registry = new ModelRegistry(dataSource);
    }

    /** A sample that lacks an embedding. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Sample(UUID id, UUID identity, byte[] chip) {}

    /**
     * Adds every embedding that is missing at the start, and every template. Enrolment itself adds those of samples
     * enrolled in the meantime, because it sees the version as soon as it is in the registry.
     *
     * @throws IllegalStateException if the version is no longer live, or a stored chip cannot be embedded
     */
    void run(ModelVersion version, ReembeddingProgress progress) throws SQLException {
        long all = missing(version);
        progress.embedded(0, all);
        List<Negative> negatives = negatives(version, FIRST);
        if (all > 0 || !negatives.isEmpty()) {
            try (Recognition recognition = Recognition.load(registry, version, device)) {
                // First, so that they are there once no sample lacks an embedding, and the version can be promoted.
                embedNegatives(version, recognition, negatives);
                embed(version, recognition, all, progress);
            }
        }
        completeTemplates(version);
        registry.measureGallery(version.version());
    }

    /** A negative that lacks an embedding. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Negative(UUID id, byte[] chip) {}

    private List<Negative> negatives(ModelVersion version, UUID after) throws SQLException {
        return Sql.on(
                dataSource,
                sql -> sql.query(
                        "select id, chip from facestream.negatives_missing_under(?, ?)",
                        row -> new Negative(row.getObject(1, UUID.class), row.getBytes(2)),
                        version.version(),
                        after));
    }

    private void embedNegatives(ModelVersion version, Recognition recognition, List<Negative> first)
            throws SQLException {
        for (List<Negative> batch = first; !batch.isEmpty(); batch = negatives(version, last(batch))) {
            List<List<Object>> rows = new ArrayList<>();
            for (Negative negative : batch) {
                try (Picture chip = ChipPng.decode(negative.chip)) {
                    Embedding embedding = recognition.embed(List.of(chip)).get(0);
                    rows.add(List.of(version.version(), negative.id, new PGvector(embedding.vector())));
                } catch (RejectedException | NoEmbeddingException e) {
                    LOG.warnf("negative %s has no say under %s: %s", negative.id, version.version(), e.getMessage());
                }
            }
            inTransaction(version, List.of(), sql -> {
                for (List<Object> row : rows) {
                    sql.execute("select facestream.add_negative_vector(?, ?, ?::vector)", row.toArray());
                }
            });
        }
    }

    private static UUID last(List<Negative> batch) {
        return batch.get(batch.size() - 1).id;
    }

    private long missing(ModelVersion version) throws SQLException {
        return Sql.on(dataSource, sql -> sql.first(
                        "select samples from facestream.missing_under(?)", row -> row.getLong(1), version.version())
                .orElseThrow());
    }

    private void embed(ModelVersion version, Recognition recognition, long all, ReembeddingProgress progress)
            throws SQLException {
        long done = 0;
        Sample last = new Sample(FIRST, FIRST, new byte[0]);
        for (List<Sample> batch = next(version, last); !batch.isEmpty(); batch = next(version, last)) {
            write(version, batch, embed(recognition, batch));
            last = batch.get(batch.size() - 1);
            done += batch.size();
            progress.embedded(done, Math.max(all, done));
        }
    }

    /** Orders samples by person, so that each template is computed rarely. */
    private List<Sample> next(ModelVersion version, Sample after) throws SQLException {
        return Sql.on(
                dataSource,
                sql -> sql.query(
                        "select s.id, s.identity_id, s.chip from facestream.face_sample s"
                                + " where (s.identity_id, s.id) > (?, ?) and not exists (select"
                                + " from facestream.face_embedding e where e.model_version = ? and e.sample_id = s.id)"
                                + " order by s.identity_id, s.id limit " + BATCH,
                        row -> new Sample(row.getObject(1, UUID.class), row.getObject(2, UUID.class), row.getBytes(3)),
                        after.identity,
                        after.id,
                        version.version()));
    }

    private static List<Embedding> embed(Recognition recognition, List<Sample> samples) {
        List<Picture> chips = new ArrayList<>();
        try {
            for (Sample sample : samples) {
                chips.add(decode(sample));
            }
            return recognition.embed(chips);
        } catch (NoEmbeddingException e) {
            throw new IllegalStateException(
                    "sample " + samples.get(e.index()).id + ": " + e.getMessage()
                            + ": delete the sample if its chip is not a face, or retire the version",
                    e);
        } finally {
            chips.forEach(Picture::close);
        }
    }

    private static Picture decode(Sample sample) {
        try {
            return ChipPng.decode(sample.chip);
        } catch (RejectedException e) {
            throw new IllegalStateException(
                    "the stored chip of sample " + sample.id + " is broken (" + e.getMessage()
                            + "): delete the sample, and enrol its photo again",
                    e);
        }
    }

    private void write(ModelVersion version, List<Sample> samples, List<Embedding> embeddings) throws SQLException {
        List<UUID> identities =
                samples.stream().map(Sample::identity).distinct().toList();
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            Embedding embedding = embeddings.get(i);
            rows.add(List.of(version.version(), new PGvector(embedding.vector()), embedding.norm(), samples.get(i).id));
        }
        inTransaction(
                version,
                identities,
                // Skips samples that were deleted or embedded by somebody else in the meantime.
                sql -> sql.executeAll(
                        "insert into facestream.face_embedding (model_version, sample_id, embedding, norm)"
                                + " select ?, s.id, ?::vector, ? from facestream.face_sample s where s.id = ?"
                                + " for key share on conflict do nothing",
                        rows));
    }

    /** Computes the templates that no batch has computed. */
    private void completeTemplates(ModelVersion version) throws SQLException {
        List<UUID> identities = Sql.on(
                dataSource,
                sql -> sql.query(
                        "select p.identity_id from (select s.identity_id, count(*) as samples"
                                + " from facestream.face_sample s where s.enrolled group by s.identity_id) p"
                                + " left join facestream.template t"
                                + " on t.model_version = ? and t.identity_id = p.identity_id"
                                + " where t.samples is distinct from p.samples",
                        row -> row.getObject(1, UUID.class),
                        version.version()));
        for (int start = 0; start < identities.size(); start += BATCH) {
            inTransaction(version, identities.subList(start, Math.min(start + BATCH, identities.size())), sql -> {});
        }
    }

    /** The writes of a transaction before its templates. */
    private interface Writing {
        void with(Sql sql) throws SQLException;
    }

    /**
     * Locks in the same order as enrolment: the shared lock, then the identities. Then writes embeddings, and the
     * templates of all embeddings.
     */
    private void inTransaction(ModelVersion version, List<UUID> identities, Writing writing) throws SQLException {
        Object ids = Sql.array("uuid", identities.toArray());
        Sql.inTransaction(dataSource, sql -> {
            requireLive(sql, version);
            sql.execute("select id from facestream.identity where id = any (?) order by id for no key update", ids);
            writing.with(sql);
            return sql.execute("select facestream.compute_templates(?, '" + version.version() + "')", ids);
        });
    }

    private static void requireLive(Sql sql, ModelVersion version) throws SQLException {
        sql.execute("select pg_advisory_xact_lock_shared(" + ModelRegistry.VERSIONS_LOCK + ")");
        boolean live = sql.first(
                        "select 1 from facestream.model_version where version = ? and " + ModelRegistry.LIVE,
                        row -> true,
                        version.version())
                .isPresent();
        if (!live) {
            throw new IllegalStateException(
                    "model version " + version.version() + " was retired during the embedding of the gallery");
        }
    }
}
