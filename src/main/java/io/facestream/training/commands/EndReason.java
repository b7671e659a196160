package io.facestream.training.commands;

/** Why a run ends. */
public enum EndReason {
    /** All epochs are done. */
    EPOCHS,

    /** Nearest people are as far apart as {@link TrainingSettings#minClusterDistance()} asks. */
    MIN_CLUSTER_DISTANCE,

    /** The figures of the held-back people have not risen for {@link TrainingSettings#patience()} epochs. */
    NO_IMPROVEMENT,

    CANCELLED,

    /** All faces have come to lie in one place, or the weights are no numbers any more: what was trained is worthless. */
    COLLAPSED,

    /** Hardly any triplet violates the margin: the network can tell these people apart already. */
    NOTHING_TO_LEARN
}
