package io.facestream.embeddings;

/**
 * Thrown where a network yields no embedding of a chip: zero, or a number that is not finite. It is the chip's and the
 * network's fault, and happens again: no outage.
 */
public final class NoEmbeddingException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final int index;

    NoEmbeddingException(int index, String message, Throwable cause) {
        super(message, cause);
        this.index = index;
    }

    /** Of the chip among those that were embedded. */
    public int index() {
        return index;
    }
}
