package io.facestream.gallery;

/** Receives the progress of embedding the gallery under a new model version. */
public interface ReembeddingProgress {
    /** Ignores the progress. */
    ReembeddingProgress NONE = (done, all) -> {};

    /**
     * Called after each batch.
     *
     * @param all samples that lacked an embedding at the start
     */
    void embedded(long done, long all);
}
