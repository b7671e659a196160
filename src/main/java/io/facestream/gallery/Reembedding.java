package io.facestream.gallery;

import io.facestream.embeddings.Embedding;
import io.facestream.embeddings.NoEmbeddingException;
import io.facestream.faces.ChipPng;
import io.facestream.frames.Picture;
import io.facestream.messaging.RejectedException;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import io.facestream.networks.ComputeDevice;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Embeds the gallery's samples under a model version from their stored chips, and computes the templates. A batch is read,
 * embedded outside any transaction, and written in one; so what was done survives a crash, and only what is missing is done.
 * Several may run at once.
 */
final class Reembedding {
    /** Seconds of work on a CPU, so little is lost in a crash. */
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
     * Adds every embedding that is missing when this starts, and every template. Those of samples enrolled meanwhile are added by
     * enrolment, which sees the version as soon as it is in the registry.
     *
     * @throws IllegalStateException if the version is no longer live, or a stored chip cannot be embedded
     */
    void run(ModelVersion version, ReembeddingProgress progress) throws SQLException {
        long all = missing(version);
        progress.embedded(0, all);
        if (all > 0) {
            try (Recognition recognition = Recognition.load(registry, version, device)) {
                embed(version, recognition, all, progress);
            }
        }
        completeTemplates(version);
        registry.measureGallery(version.version());
    }

    private long missing(ModelVersion version) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select samples from facestream.missing_under(?)")) {
            select.setString(1, version.version());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
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

    /** Samples of one person lie together, so that templates are computed seldom. */
    private List<Sample> next(ModelVersion version, Sample after) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select s.id, s.identity_id, s.chip from facestream.face_sample s"
                                + " where (s.identity_id, s.id) > (?, ?) and not exists (select"
                                + " from facestream.face_embedding e where e.model_version = ? and e.sample_id = s.id)"
                                + " order by s.identity_id, s.id limit " + BATCH)) {
            select.setObject(1, after.identity);
            select.setObject(2, after.id);
            select.setString(3, version.version());
            try (ResultSet rows = select.executeQuery()) {
                List<Sample> samples = new ArrayList<>();
                while (rows.next()) {
                    samples.add(
                            new Sample(rows.getObject(1, UUID.class), rows.getObject(2, UUID.class), rows.getBytes(3)));
                }
                return samples;
            }
        }
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
                            + ": delete the sample if its chip is no face, or retire the version",
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
        inTransaction(version, identities, connection -> {
            // A sample deleted meanwhile is left out, and one that somebody else has embedded.
            try (PreparedStatement insert = connection.prepareStatement(
                    "insert into facestream.face_embedding (model_version, sample_id, embedding, norm)"
                            + " select ?, s.id, ?::text::vector, ? from facestream.face_sample s where s.id = ?"
                            + " for key share on conflict do nothing")) {
                for (int i = 0; i < samples.size(); i++) {
                    insert.setString(1, version.version());
                    insert.setString(2, Vectors.text(embeddings.get(i)));
                    insert.setFloat(3, embeddings.get(i).norm());
                    insert.setObject(4, samples.get(i).id);
                    insert.addBatch();
                }
                insert.executeBatch();
            }
        });
    }

    /** Those that no batch has computed, if there are any. */
    private void completeTemplates(ModelVersion version) throws SQLException {
        List<UUID> identities = new ArrayList<>();
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select p.identity_id from (select s.identity_id, count(*) as samples"
                                + " from facestream.face_sample s where s.enrolled group by s.identity_id) p"
                                + " left join facestream.template t"
                                + " on t.model_version = ? and t.identity_id = p.identity_id"
                                + " where t.samples is distinct from p.samples")) {
            select.setString(1, version.version());
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    identities.add(rows.getObject(1, UUID.class));
                }
            }
        }
        for (int start = 0; start < identities.size(); start += BATCH) {
            inTransaction(
                    version, identities.subList(start, Math.min(start + BATCH, identities.size())), connection -> {});
        }
    }

    /** What a transaction writes before the templates. */
    private interface Writing {
        void on(Connection connection) throws SQLException;
    }

    /** As enrolment does it: the shared lock, then the identities, then embeddings, then the templates of all there are. */
    private void inTransaction(ModelVersion version, List<UUID> identities, Writing writing) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            Array ids = connection.createArrayOf("uuid", identities.toArray());
            try {
                requireLive(connection, version);
                execute(
                        connection,
                        "select id from facestream.identity where id = any (?) order by id for no key update",
                        ids);
                writing.on(connection);
                execute(connection, "select facestream.compute_templates(?, '" + version.version() + "')", ids);
                connection.commit();
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            } finally {
                ids.free();
                connection.setAutoCommit(true);
            }
        }
    }

    private static void requireLive(Connection connection, ModelVersion version) throws SQLException {
        execute(connection, "select pg_advisory_xact_lock_shared(" + ModelRegistry.VERSIONS_LOCK + ")", null);
        try (PreparedStatement select = connection.prepareStatement(
                "select 1 from facestream.model_version where version = ? and " + ModelRegistry.LIVE)) {
            select.setString(1, version.version());
            try (ResultSet rows = select.executeQuery()) {
                if (!rows.next()) {
                    throw new IllegalStateException("model version " + version.version()
                            + " was retired while the gallery was embedded under it");
                }
            }
        }
    }

    private static void execute(Connection connection, String sql, Array argument) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            if (argument != null) {
                statement.setArray(1, argument);
            }
            statement.execute();
        }
    }
}
