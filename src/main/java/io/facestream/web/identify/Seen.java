package io.facestream.web.identify;

import io.facestream.models.ModelVersion;
import java.util.List;

/**
 * What the networks found in a picture.
 *
 * @param width of the upright picture, in pixels
 * @param height of the upright picture, in pixels
 * @param damaged whether parts of the picture were lost and filled in by a decoder
 * @param version that embedded the faces
 * @param faces most confident first
 * @param detectionMillis spent on decoding, detection and alignment
 * @param embeddingMillis spent on embedding
 */
public record Seen(
        int width,
        int height,
        boolean damaged,
        ModelVersion version,
        List<SeenFace> faces,
        float detectionMillis,
        float embeddingMillis) {
    public Seen {
        faces = List.copyOf(faces);
    }

    /** The same with some of the faces, in this order. */
    public Seen with(List<SeenFace> some) {
        return new Seen(width, height, damaged, version, some, detectionMillis, embeddingMillis);
    }
}
