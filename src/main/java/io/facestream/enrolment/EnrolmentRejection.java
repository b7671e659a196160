package io.facestream.enrolment;

import io.facestream.faces.Quality;
import java.util.Optional;

/** Thrown where a labelled photo is not enrolled because of what it is; never for an outage. */
public final class EnrolmentRejection extends Exception {
    private static final long serialVersionUID = 1L;

    private final EnrolmentReason reason;
    private final transient Quality quality;

    /** @param message in words for whoever published the photo */
    EnrolmentRejection(EnrolmentReason reason, String message) {
        this(reason, message, null);
    }

    private EnrolmentRejection(EnrolmentReason reason, String message, Quality quality) {
        super(message);
        this.reason = reason;
        this.quality = quality;
    }

    /** The same, with how good a view of the face it was. */
    EnrolmentRejection with(Quality measured) {
        return new EnrolmentRejection(reason, getMessage(), measured);
    }

    public EnrolmentReason reason() {
        return reason;
    }

    /** Of the face; empty where none was embedded. */
    public Optional<Quality> quality() {
        return Optional.ofNullable(quality);
    }
}
