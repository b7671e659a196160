package io.facestream.gallery;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import jakarta.persistence.LockModeType;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** A person or stranger whom the gallery can recognise. */
@Entity
@Table(name = "identity")
public class Identity extends PanacheEntityBase {
    /** Whether it is a named person, or an unnamed face that was seen repeatedly. */
    public enum Kind {
        person,
        stranger
    }

    @Id
    @GeneratedValue
    public UUID id;

    @Enumerated(EnumType.STRING)
    @Column(nullable = false)
    public Kind kind;

    /** Unique among persons; null for strangers. */
    public String name;

    /** Whom this person turned out to be; null for everybody else. */
    @Column(name = "merged_into", insertable = false, updatable = false)
    public UUID mergedInto;

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(nullable = false)
    public Map<String, Object> metadata = Map.of();

    @Column(name = "created_at", insertable = false, updatable = false)
    public Instant createdAt;

    @Column(name = "updated_at", insertable = false)
    public Instant updatedAt;

    /** Finds an identity and locks it until the transaction ends. */
    static Identity lock(UUID id) {
        return findById(id, LockModeType.PESSIMISTIC_WRITE);
    }
}
