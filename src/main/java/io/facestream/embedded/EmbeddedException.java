package io.facestream.embedded;

/**
 * The embedded default cannot do what was asked. The message is one line for a person: what failed, where, and what to
 * do.
 */
public final class EmbeddedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EmbeddedException(String message) {
        super(message);
    }

    EmbeddedException(String message, Throwable cause) {
        super(message, cause);
    }
}
