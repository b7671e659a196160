package io.facestream.gallery;

import io.facestream.database.Sql;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** An identity as one point under one model version: the normalised mean of its enrolled samples. */
@Entity
@Table(name = "template")
@IdClass(Template.Key.class)
public class Template extends PanacheEntityBase {
    /** One template for each identity and version. */
    public record Key(String modelVersion, UUID identityId) implements Serializable {}

    @Id
    @Column(name = "model_version")
    public String modelVersion;

    @Id
    @Column(name = "identity_id")
    public UUID identityId;

    @JdbcTypeCode(SqlTypes.VECTOR)
    @Column(nullable = false)
    public float[] embedding;

    /** The number of samples in the mean. */
    @Column(nullable = false)
    public int samples;

    @Column(name = "updated_at", nullable = false)
    public Instant updatedAt;

    /** Recomputes an identity's template under every version for which its samples have embeddings. */
    public static void recompute(Identity identity) {
        Sql.among(
                getEntityManager(),
                sql -> sql.execute("select facestream.compute_templates(array[?]::uuid[])", identity.id));
    }
}
