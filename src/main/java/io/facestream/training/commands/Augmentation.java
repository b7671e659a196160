package io.facestream.training.commands;

import java.util.Locale;

/** What is done to photos before the network sees them, drawn afresh each time. */
public enum Augmentation {
    NONE,

    /** That of FaceNet_TF-2.0: brightness times 0.4 to 1.8, and every second photo mirrored. */
    SEED,

    /**
     * That of {@link #SEED}; and half of each person's photos as a far camera shows them: small, blurred, noisy,
     * compressed.
     */
    FAR_CAMERA;

    /** As commands have it: {@code none}, {@code seed}, {@code far-camera}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
