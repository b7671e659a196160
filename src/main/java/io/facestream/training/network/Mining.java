package io.facestream.training.network;

import java.util.Locale;

/** Which triplets of a batch count; distances are squared Euclidean ones of unit vectors. */
public enum Mining {
    /**
     * For every pair of anchor and positive the nearest negative that is farther from the anchor than the positive is; where
     * there is none, the farthest negative (as TensorFlow Addons has it). The loss is the mean over all pairs, zeros included
     * (Schroff et al. 2015).
     */
    SEMI_HARD,

    /** For every anchor its farthest positive and its nearest negative; the mean over anchors (Hermans et al. 2017). */
    BATCH_HARD,

    /** Every triplet; the mean over those whose loss is not zero (Hermans et al. 2017). */
    BATCH_ALL;

    /** As commands have it: {@code semi-hard}, {@code batch-hard}, {@code batch-all}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
