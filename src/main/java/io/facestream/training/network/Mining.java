package io.facestream.training.network;

import java.util.Locale;

/** Selects the triplets of a batch that count. Distances are squared Euclidean distances of unit vectors. */
public enum Mining {
    /**
     * For every pair of anchor and positive, the nearest negative that is farther from the anchor than the positive; if
     * there is none, the farthest negative (as in TensorFlow Addons). The loss is the mean over all pairs, zeros
     * included (Schroff et al. 2015).
     */
    SEMI_HARD,

    /** For every anchor its farthest positive and its nearest negative; the mean over anchors (Hermans et al. 2017). */
    BATCH_HARD,

    /** Every triplet; the mean over those whose loss is not zero (Hermans et al. 2017). */
    BATCH_ALL;

    /** Its name in commands: {@code semi-hard}, {@code batch-hard}, {@code batch-all}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
