package io.facestream.models;

/** What came of asking for a version to be the active one. */
public sealed interface Promotion {
    /** The version that was asked for, as it is now. */
    ModelVersion version();

    /**
     * It is active now.
     *
     * @param replaced the version that was, standby now
     */
    record Promoted(ModelVersion version, String replaced) implements Promotion {}

    /** It was active before. */
    record WasActive(ModelVersion version) implements Promotion {}

    /**
     * Nothing was changed, for the gallery is not complete under it.
     *
     * @param samples without an embedding
     * @param templates absent, or without some of their identity's samples
     */
    record Incomplete(ModelVersion version, long samples, long templates) implements Promotion {}

    /**
     * It was retired instead, for it has learnt from people who were erased since.
     *
     * @param erased how many people
     */
    record Erased(ModelVersion version, long erased) implements Promotion {}
}
