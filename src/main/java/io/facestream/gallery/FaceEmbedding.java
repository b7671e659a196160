package io.facestream.gallery;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** A sample as a point under one model version. */
@Entity
@Table(name = "face_embedding")
@IdClass(FaceEmbedding.Key.class)
public class FaceEmbedding extends PanacheEntityBase {
    /** One embedding for each sample and version. */
    public record Key(String modelVersion, UUID sampleId) implements Serializable {}

    @Id
    @Column(name = "model_version")
    public String modelVersion;

    @Id
    @Column(name = "sample_id")
    public UUID sampleId;

    /** Unit length, in the version's dimensions. */
    @JdbcTypeCode(SqlTypes.VECTOR)
    @Column(nullable = false)
    public float[] embedding;

    /** Length before normalisation. */
    @Column(nullable = false)
    public float norm;
}
