package io.facestream.faces;

/**
 * Milliseconds that each stage worked for a face: its frame's decoding and detection, then its share of the batch that was
 * embedded, and of the batch that was matched. Null for stages that it has not been through.
 */
public record StageMillis(float detection, Float embedding, Float matching) {
    public StageMillis withEmbedding(float millis) {
        return new StageMillis(detection, millis, matching);
    }

    public StageMillis withMatching(float millis) {
        return new StageMillis(detection, embedding, millis);
    }
}
