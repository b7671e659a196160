package io.facestream.cameras;

import java.util.Locale;

/** What filming spends its CPU time on. */
enum Step {
    /** Reading the stream, and decoding it. */
    DECODING,
    /** The small grey picture, and the motion gate. */
    GATE,
    /** The JPEG of a frame that passes. */
    PICTURE;

    /** As metrics call it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
