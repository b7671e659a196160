package io.facestream.cli;

import io.facestream.faces.Quality;
import java.util.Locale;

/** A labelled photo and what came of it as one line for a person. */
final class PhotoLine {
    private PhotoLine() {}

    /** @param reason null where the photo is accepted */
    static String of(String file, String reason, String message, Quality quality) {
        String measures = quality == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "  %d px, sharpness %d",
                        Math.round(quality.size()),
                        Math.round(quality.sharpness()));
        return reason == null ? "accepted  " + file + measures : "rejected  " + file + "  " + reason + ": " + message;
    }
}
