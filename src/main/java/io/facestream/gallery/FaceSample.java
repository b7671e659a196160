package io.facestream.gallery;

import io.facestream.faces.Quality;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/**
 * One photo of an identity, stored as its aligned chip. Only {@link #enrolled} may change; enrolment has no right to
 * change more.
 */
@Entity
@Table(name = "face_sample")
public class FaceSample extends PanacheEntityBase {
    @Id
    @GeneratedValue
    public UUID id;

    @ManyToOne(fetch = FetchType.LAZY, optional = false)
    @JoinColumn(name = "identity_id", updatable = false)
    public Identity identity;

    /** SHA-256 of the photo, 32 bytes; unique. */
    @Column(nullable = false, updatable = false)
    public byte[] sha256;

    /** PNG, 160x160. */
    @Column(nullable = false, updatable = false)
    public byte[] chip;

    /** Whether it counts in the template: false below the quality gate. */
    @Column(nullable = false)
    public boolean enrolled;

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(nullable = false, updatable = false)
    public Quality quality;

    @Column(name = "source_topic", nullable = false, updatable = false)
    public String sourceTopic;

    @Column(name = "source_partition", nullable = false, updatable = false)
    public int sourcePartition;

    @Column(name = "source_offset", nullable = false, updatable = false)
    public long sourceOffset;

    /** When to delete it; null for persons. */
    @Column(name = "expires_at", updatable = false)
    public Instant expiresAt;

    @Column(name = "created_at", insertable = false, updatable = false)
    public Instant createdAt;

    public static Optional<FaceSample> findByPhoto(byte[] sha256) {
        return find("from FaceSample s join fetch s.identity where s.sha256 = ?1", (Object) sha256)
                .firstResultOptional();
    }
}
