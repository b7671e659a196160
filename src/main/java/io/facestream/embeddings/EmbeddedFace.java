package io.facestream.embeddings;

import io.facestream.faces.Face;
import io.facestream.messaging.CloudEventRecords;
import io.facestream.messaging.RecordPointer;
import java.util.Objects;

/**
 * A face as a point on the unit sphere: the JSON of {@code face-embeddings}.
 *
 * @param face the facts about the face, including the norm
 * @param chip the place of its chip
 * @param modelVersion the version that embedded it; points of different versions are never compared
 * @param embedding unit vector of the version's dimensions
 */
public record EmbeddedFace(Face face, RecordPointer chip, String modelVersion, float[] embedding) {
    /** The {@code ce_type} of its records. */
    public static final String TYPE = CloudEventRecords.type("face-embedding");

    public EmbeddedFace {
        Objects.requireNonNull(face, "face");
        Objects.requireNonNull(chip, "chip");
        Objects.requireNonNull(modelVersion, "modelVersion");
        Objects.requireNonNull(embedding, "embedding");
    }
}
