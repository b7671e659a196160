package io.facestream.models;

/** The outcome of a request to activate a version. */
public sealed interface Promotion {
    /** The requested version in its current state. */
    ModelVersion version();

    /**
     * The version is now active.
     *
     * @param replaced the formerly active version, now standby
     */
    record Promoted(ModelVersion version, String replaced) implements Promotion {}

    /** The version was already active. */
    record WasActive(ModelVersion version) implements Promotion {}

    /**
     * Nothing was changed, because the gallery is incomplete under the version.
     *
     * @param samples without an embedding
     * @param templates missing, or lacking some of their identity's samples
     */
    record Incomplete(ModelVersion version, long samples, long templates) implements Promotion {}

    /**
     * The version was retired instead, because it was trained on people who have been erased since.
     *
     * @param erased how many people
     */
    record Erased(ModelVersion version, long erased) implements Promotion {}
}
