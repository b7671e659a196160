package io.facestream.gallery;

import io.facestream.embeddings.Embedding;
import io.facestream.embeddings.NoEmbeddingException;
import io.facestream.faces.ChipPng;
import io.facestream.faces.FaceView;
import io.facestream.faces.Quality;
import io.facestream.messaging.Sha256;
import io.facestream.models.ComputeDevice;
import io.facestream.models.ModelRegistry;
import io.facestream.models.ModelVersion;
import io.quarkus.hibernate.orm.panache.Panache;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.persistence.EntityManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts labelled photos into the gallery. The slow part, embedding under every live model version, runs outside any transaction;
 * then one transaction writes, unless the set of versions has changed meanwhile. Doing a photo again changes nothing. Serves
 * one thread at a time.
 */
final class Enroller implements AutoCloseable {
    private final EnrolmentGate gate;
    private final ModelRegistry registry;
    private final PerLiveVersion<Recognition> recognitions;

    Enroller(EnrolmentGate gate, ModelRegistry registry, ComputeDevice device) {
        this.gate = gate;
        this.registry = registry;
        this.recognitions =
                new PerLiveVersion<>(version -> Recognition.load(registry, version, device), Recognition::close);
    }

    /**
     * Enrols a photo.
     *
     * @throws EnrolmentRejection if it cannot be, whatever the state of the machine
     * @throws SQLException for an outage: to be tried again
     */
    EnrolmentAnswer enrol(LabelledFace photo) throws EnrolmentRejection, SQLException {
        try (FaceView view = gate.find(photo.photo())) {
            byte[] chip = ChipPng.encode(view.chip());
            while (true) {
                List<ModelVersion> versions = registry.live();
                recognitions.retain(versions);
                Map<String, Embedding> embeddings = new HashMap<>();
                for (ModelVersion version : versions) {
                    embeddings.put(version.version(), embed(version, view));
                }
                Quality quality = view.quality().withNorm(activeNorm(versions, embeddings));
                Optional<EnrolmentAnswer> answer =
                        QuarkusTransaction.requiringNew().call(() -> write(photo, chip, quality, embeddings));
                if (answer.isPresent()) {
                    return answer.get();
                }
            }
        } catch (RejectedInTransaction e) {
            throw e.rejection;
        }
    }

    private Embedding embed(ModelVersion version, FaceView view) throws SQLException, EnrolmentRejection {
        try {
            return recognitions.of(version).embed(List.of(view.chip())).get(0);
        } catch (NoEmbeddingException e) {
            throw new EnrolmentRejection(
                    EnrolmentReason.PROCESSING_FAILED, "model version " + version.version() + ": " + e.getMessage());
        }
    }

    private static float activeNorm(List<ModelVersion> versions, Map<String, Embedding> embeddings) {
        return versions.stream()
                .filter(version -> version.status() == ModelVersion.Status.ACTIVE)
                .map(version -> embeddings.get(version.version()).norm())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no model version is active: run `facestream migrate`"));
    }

    /** Empty if the set of live versions is no longer that of the embeddings. */
    private Optional<EnrolmentAnswer> write(
            LabelledFace photo, byte[] chip, Quality quality, Map<String, Embedding> embeddings) {
        EntityManager database = Panache.getEntityManager();
        database.createNativeQuery("select pg_advisory_xact_lock_shared(" + ModelRegistry.VERSIONS_LOCK + ")")
                .getSingleResult();
        List<?> live = database.createNativeQuery(
                        "select version from facestream.model_version where " + ModelRegistry.LIVE)
                .getResultList();
        if (live.size() != embeddings.size() || !embeddings.keySet().containsAll(live)) {
            return Optional.empty();
        }
        checkFence(database, photo);
        byte[] sha256 = Sha256.of(photo.photo());
        String hex = HexFormat.of().formatHex(sha256);
        EnrolmentRejection belowGate = gate.check(quality).orElse(null);
        Identity person = person(database, photo.name());
        Optional<FaceSample> before = FaceSample.findByPhoto(sha256);
        if (before.isPresent()) {
            FaceSample sample = before.get();
            if (!sample.identity.id.equals(person.id)) {
                throw new RejectedInTransaction(new EnrolmentRejection(
                        EnrolmentReason.ALREADY_ENROLLED_AS,
                        "this photo is already enrolled as " + sample.identity.name));
            }
            if (!sample.enrolled && belowGate == null) {
                // The gate has been opened wider since.
                sample.enrolled = true;
                database.flush(); // the database computes the template, as whenever photos change
            }
            return Optional.of(EnrolmentAnswer.of(photo, hex, sample, sample.enrolled ? null : belowGate));
        }
        FaceSample sample = new FaceSample();
        sample.identity = person;
        sample.sha256 = sha256;
        sample.chip = chip;
        sample.enrolled = belowGate == null;
        sample.quality = quality;
        sample.sourceTopic = photo.pointer().topic();
        sample.sourcePartition = photo.pointer().partition();
        sample.sourceOffset = photo.pointer().offset();
        sample.persist();
        embeddings.forEach((version, embedding) -> {
            FaceEmbedding row = new FaceEmbedding();
            row.modelVersion = version;
            row.sampleId = sample.id;
            row.embedding = embedding.vector();
            row.norm = embedding.norm();
            row.persist();
        });
        database.flush();
        changed(database, person);
        return Optional.of(EnrolmentAnswer.of(photo, hex, sample, belowGate));
    }

    private static void changed(EntityManager database, Identity person) {
        Template.recompute(person);
        database.createNativeQuery("update facestream.identity set updated_at = now() where id = :id")
                .setParameter("id", person.id)
                .executeUpdate();
        database.createNativeQuery("select nextval('facestream.gallery_revision')")
                .getSingleResult();
    }

    private static Identity person(EntityManager database, String name) {
        database.createNativeQuery(
                        "insert into facestream.identity as i (kind, name) values ('person', :name)"
                                + " on conflict (name) where kind = 'person' do update set updated_at = i.updated_at") // locks it
                .setParameter("name", name)
                .executeUpdate();
        return Identity.lockPerson(name).orElseThrow();
    }

    /** A photo published before its person was erased must not bring them back. */
    private static void checkFence(EntityManager database, LabelledFace photo) {
        boolean erased = !database.createNativeQuery("select 1 where facestream.fenced(:name) >= :appended")
                .setParameter("name", NameHash.of(photo.name()))
                .setParameter("appended", photo.appendedAt())
                .getResultList()
                .isEmpty();
        if (erased) {
            throw new RejectedInTransaction(new EnrolmentRejection(
                    EnrolmentReason.ERASED,
                    "the person was erased after this photo was published, or within the minute before"));
        }
    }

    @Override
    public void close() {
        recognitions.retain(List.of());
    }

    /** Carries a rejection out of a transaction, which it rolls back. */
    private static final class RejectedInTransaction extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient EnrolmentRejection rejection;

        RejectedInTransaction(EnrolmentRejection rejection) {
            super(rejection.getMessage(), null, false, false);
            this.rejection = rejection;
        }
    }
}
