package io.facestream.cli.people;

import io.facestream.enrolment.EnrolmentAnswer;
import io.facestream.faces.Quality;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A labelled photo and its outcome, as one line for a person. */
public final class PhotoLine {
    private PhotoLine() {}

    /** @param change how the photo was changed before it was published; null if it was not */
    public static String of(EnrolmentAnswer answer, String file, String change) {
        if (answer instanceof EnrolmentAnswer.Rejected rejected) {
            return of(file, rejected.reason(), rejected.message(), rejected.quality(), change);
        }
        String notice = Stream.of(((EnrolmentAnswer.Accepted) answer).notice(), change)
                .filter(Objects::nonNull)
                .collect(Collectors.joining("; "));
        return of(file, null, null, answer.quality(), notice.isEmpty() ? null : notice);
    }

    /**
     * A line.
     *
     * @param reason null if the photo is accepted
     * @param notice a remark, whatever the outcome; null for none
     */
    public static String of(String file, String reason, String message, Quality quality, String notice) {
        String measures = quality == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "  %d px, sharpness %d",
                        Math.round(quality.size()),
                        Math.round(quality.sharpness()));
        String suffix = notice == null ? "" : "  (" + notice + ")";
        return reason == null
                ? "accepted  " + file + measures + suffix
                : rejected(file, reason + ": " + message) + suffix;
    }

    public static String rejected(String file, String why) {
        return "rejected  " + file + "  " + why;
    }
}
