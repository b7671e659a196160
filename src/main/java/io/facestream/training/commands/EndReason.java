package io.facestream.training.commands;

/** Why a run ends. */
public enum EndReason {
    /** All epochs are done. */
    EPOCHS,

    /** The nearest two people are as far apart as {@link TrainingSettings#minClusterDistance()} asks. */
    MIN_CLUSTER_DISTANCE,

    /** The figures of the held-back people have not risen for {@link TrainingSettings#patience()} epochs. */
    NO_IMPROVEMENT,

    CANCELLED,

    /** All embeddings are nearly alike, or a weight is NaN or infinite: the network is worthless. */
    COLLAPSED,

    /**
     * Hardly any triplet violates the margin: the network can tell these people apart already. Not where there is a
     * teacher.
     */
    NOTHING_TO_LEARN
}
