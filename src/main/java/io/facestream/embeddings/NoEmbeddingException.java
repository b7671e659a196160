package io.facestream.embeddings;

/**
 * Thrown where a network yields no valid embedding of a chip: all zeros, or a number that is NaN or infinite. The cause
 * is the chip and the network, not an outage, so a retry would fail again.
 */
public final class NoEmbeddingException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final int index;

    NoEmbeddingException(int index, String message, Throwable cause) {
        super(message, cause);
        this.index = index;
    }

    /** The index of the chip in the list to embed. */
    public int index() {
        return index;
    }
}
