package io.facestream.gallery;

/** Is told how far the gallery is under a new model version. */
public interface ReembeddingProgress {
    /** For whom nobody waits. */
    ReembeddingProgress NONE = (done, all) -> {};

    /**
     * After each batch.
     *
     * @param all samples that lacked an embedding at the start
     */
    void embedded(long done, long all);
}
