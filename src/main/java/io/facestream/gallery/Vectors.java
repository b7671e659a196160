package io.facestream.gallery;

import com.pgvector.PGvector;
import io.facestream.embeddings.Embedding;

/** Embeddings in pgvector's text form. */
final class Vectors {
    private Vectors() {}

    static String text(Embedding embedding) {
        return new PGvector(embedding.vector()).getValue();
    }
}
