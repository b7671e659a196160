package io.facestream.gallery;

import com.pgvector.PGvector;
import io.facestream.embeddings.Embedding;

/** Vectors in pgvector's text format, in which statements take them by the array. */
public final class VectorText {
    private VectorText() {}

    /** The unit vector of an embedding. */
    public static String of(Embedding embedding) {
        return new PGvector(embedding.vector()).getValue();
    }
}
