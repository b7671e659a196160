package io.facestream.training.commands;

/** Whether a trained version becomes the active one by itself. */
public enum PromotionPolicy {
    /** If it is better than its base. */
    AUTO,
    /** When somebody promotes it. */
    MANUAL
}
