package io.facestream.enrolment;

import io.facestream.database.Sql;
import io.facestream.faces.ChipPng;
import io.facestream.faces.FaceView;
import io.facestream.faces.Quality;
import io.facestream.gallery.FaceEmbedding;
import io.facestream.gallery.FaceSample;
import io.facestream.gallery.GalleryLikeness;
import io.facestream.gallery.Identity;
import io.facestream.gallery.Likeness;
import io.facestream.gallery.LiveEmbeddings;
import io.facestream.gallery.LiveNetworks;
import io.facestream.gallery.NameHash;
import io.facestream.gallery.PersonNames;
import io.facestream.gallery.Template;
import io.facestream.messaging.RejectedException;
import io.facestream.messaging.Sha256;
import io.facestream.models.ModelRegistry;
import io.facestream.networks.ComputeDevice;
import io.quarkus.hibernate.orm.panache.Panache;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.persistence.EntityManager;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * Adds labelled photos to the gallery. The slow part, embedding under every live model version, runs outside any
 * transaction. Then one transaction writes the result, or the photo is embedded again if the live versions have
 * changed. Enrolling a photo twice changes nothing. Serves one thread at a time.
 */
class Enroller implements AutoCloseable {
    private final EnrolmentGate gate;
    private final LiveNetworks networks;
    private final OptionalDouble strangersFpir;

    /** @param strangersFpir by which a person is compared with kept strangers; empty if none are kept */
    Enroller(EnrolmentGate gate, ModelRegistry registry, ComputeDevice device, OptionalDouble strangersFpir) {
        this.gate = gate;
        this.strangersFpir = strangersFpir;
        this.networks = new LiveNetworks(registry, device);
    }

    /**
     * Enrols a photo.
     *
     * @throws EnrolmentRejection if the photo itself is the reason, so that a retry would fail again
     * @throws SQLException for an outage, after which the photo should be retried
     */
    EnrolmentAnswer enrol(LabelledFace photo) throws EnrolmentRejection, SQLException {
        try (FaceView view = gate.find(photo.photo())) {
            byte[] chip = ChipPng.encode(view.chip());
            while (true) {
                LiveEmbeddings embeddings = networks.embed(view.chip());
                Quality quality = view.quality().withNorm(embeddings.ofActive().norm());
                Optional<EnrolmentRejection> belowGate = gate.check(quality, embeddings.active());
                if (belowGate.isPresent()) {
                    throw belowGate.get().with(quality);
                }
                Optional<EnrolmentAnswer> answer = commit(photo, chip, quality, embeddings);
                if (answer.isPresent()) {
                    return answer.get();
                }
            }
        } catch (RejectedException e) {
            throw new EnrolmentRejection(EnrolmentReason.PROCESSING_FAILED, e.getMessage());
        }
    }

    /** Writes in a transaction of its own. Empty if the live versions are no longer those of the embeddings. */
    Optional<EnrolmentAnswer> commit(LabelledFace photo, byte[] chip, Quality quality, LiveEmbeddings embeddings)
            throws EnrolmentRejection {
        try {
            return QuarkusTransaction.requiringNew().call(() -> write(photo, chip, quality, embeddings));
        } catch (RejectedInTransaction e) {
            throw e.rejection;
        }
    }

    private Optional<EnrolmentAnswer> write(
            LabelledFace photo, byte[] chip, Quality quality, LiveEmbeddings embeddings) {
        EntityManager database = Panache.getEntityManager();
        List<String> live = Sql.among(database, sql -> {
            sql.execute("select pg_advisory_xact_lock_shared(" + ModelRegistry.VERSIONS_LOCK + ")");
            return sql.query(
                    "select version from facestream.model_version where " + ModelRegistry.LIVE,
                    row -> row.getString(1));
        });
        if (!embeddings.areOf(live)) {
            return Optional.empty();
        }
        checkFence(database, photo);
        byte[] sha256 = Sha256.of(photo.photo());
        String hex = HexFormat.of().formatHex(sha256);
        Optional<FaceSample> before = FaceSample.findByPhoto(sha256);
        if (before.isPresent()) {
            return Optional.of(again(database, photo, hex, before.get()));
        }
        Optional<Identity> known = PersonNames.find(database, photo.name());
        Likeness likeness = GalleryLikeness.read(
                database,
                embeddings.active(),
                embeddings.ofActive(),
                known.map(identity -> identity.id).orElse(null));
        Optional<EnrolmentRejection> unlike = gate.check(likeness, photo.name(), photo.accept());
        if (unlike.isPresent()) {
            throw new RejectedInTransaction(unlike.get().with(quality));
        }
        Identity person = known.orElseGet(() -> PersonNames.add(database, photo.name()));
        FaceSample sample = new FaceSample();
        sample.identity = person;
        sample.sha256 = sha256;
        sample.chip = chip;
        sample.enrolled = true;
        sample.quality = quality;
        sample.sourceTopic = photo.pointer().topic();
        sample.sourcePartition = photo.pointer().partition();
        sample.sourceOffset = photo.pointer().offset();
        sample.persist();
        embeddings.byVersion().forEach((version, embedding) -> {
            FaceEmbedding row = new FaceEmbedding();
            row.modelVersion = version;
            row.sampleId = sample.id;
            row.embedding = embedding.vector();
            row.norm = embedding.norm();
            row.persist();
        });
        database.flush();
        changed(database, person);
        return Optional.of(EnrolmentAnswer.Accepted.of(
                photo,
                hex,
                sample,
                notice(likeness.looksLike(), PersonNames.twins(database, person), stranger(database, person))));
    }

    /** The answer to a photo that is already in the gallery. */
    private static EnrolmentAnswer again(EntityManager database, LabelledFace photo, String hex, FaceSample sample) {
        Optional<Identity> person = PersonNames.find(database, photo.name());
        if (person.isEmpty() || !sample.identity.id.equals(person.get().id)) {
            throw new RejectedInTransaction(new EnrolmentRejection(
                    EnrolmentReason.ALREADY_ENROLLED_AS, "this photo is already enrolled as " + sample.identity.name));
        }
        if (!sample.enrolled) {
            // Builds up to 0.1.0 stored photos below the gate, which has been relaxed since.
            sample.enrolled = true;
            database.flush();
            changed(database, person.get());
        }
        return EnrolmentAnswer.Accepted.of(
                photo,
                hex,
                sample,
                notice(Optional.empty(), PersonNames.twins(database, person.get()), Optional.empty()));
    }

    /** Proposes to make the person one with a kept stranger whose face is near. */
    private Optional<String> stranger(EntityManager database, Identity person) {
        if (strangersFpir.isEmpty()) {
            return Optional.empty();
        }
        return Sql.among(
                        database,
                        sql -> sql.query(
                                "select s.id from facestream.stranger_like(?, ?) s(id) where s.id is not null",
                                row -> row.getString(1),
                                person.id,
                                strangersFpir.getAsDouble()))
                .stream()
                .findFirst()
                .map(stranger ->
                        "looks like a stranger who is kept; if it is the same person: facestream gallery merge "
                                + stranger + " --into " + person.id);
    }

    private static String notice(Optional<String> looksLike, Optional<String> twins, Optional<String> stranger) {
        List<String> notices =
                Stream.of(looksLike, twins, stranger).flatMap(Optional::stream).toList();
        return notices.isEmpty() ? null : String.join("; ", notices);
    }

    private static void changed(EntityManager database, Identity person) {
        Template.recompute(person);
        Sql.among(database, sql -> {
            sql.execute("update facestream.identity set updated_at = now() where id = ?", person.id);
            return sql.execute("select nextval('facestream.gallery_revision')");
        });
    }

    /** A photo published before the erasure of its person must not enrol the person again. */
    private static void checkFence(EntityManager database, LabelledFace photo) {
        boolean erased = Sql.among(
                        database,
                        sql -> sql.first(
                                "select facestream.fenced(?) >= ?",
                                row -> row.getBoolean(1),
                                NameHash.of(photo.name()),
                                photo.appendedAt()))
                .orElse(false);
        if (erased) {
            throw new RejectedInTransaction(new EnrolmentRejection(
                    EnrolmentReason.ERASED,
                    "the person was erased after this photo was published, or within the minute before"));
        }
    }

    @Override
    public void close() {
        networks.close();
    }

    /** Carries a rejection out of a transaction and rolls it back. */
    private static final class RejectedInTransaction extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient EnrolmentRejection rejection;

        RejectedInTransaction(EnrolmentRejection rejection) {
            super(rejection.getMessage(), null, false, false);
            this.rejection = rejection;
        }
    }
}
