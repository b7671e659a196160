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
    FAR_CAMERA,

    /**
     * As {@link #FAR_CAMERA}, but all photos are as a far camera shows them. The network that is made has two parts:
     * the trained one for faces that look far, and the base, as it was, for all others.
     */
    FAR_ONLY;

    /** Whether any photos are shown as a far camera would. */
    public boolean degrades() {
        return this == FAR_CAMERA || this == FAR_ONLY;
    }

    /** As commands have it: {@code none}, {@code seed}, {@code far-camera}, {@code far-only}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
