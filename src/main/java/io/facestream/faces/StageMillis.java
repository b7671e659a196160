package io.facestream.faces;

/**
 * Milliseconds that each stage spent on a face: decoding and detection of its frame, then its share of the embedded
 * batch and of the matched batch. Null for later stages.
 */
public record StageMillis(float detection, Float embedding, Float matching) {
    public StageMillis withEmbedding(float millis) {
        return new StageMillis(detection, millis, matching);
    }

    public StageMillis withMatching(float millis) {
        return new StageMillis(detection, embedding, millis);
    }
}
