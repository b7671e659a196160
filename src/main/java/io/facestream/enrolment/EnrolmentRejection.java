package io.facestream.enrolment;

import io.facestream.faces.Quality;
import java.util.Optional;

/** Thrown where a labelled photo cannot be enrolled because of its content; never for an outage. */
public final class EnrolmentRejection extends Exception {
    private static final long serialVersionUID = 1L;

    private final EnrolmentReason reason;
    private final transient Quality quality;

    /** @param message for the publisher of the photo */
    EnrolmentRejection(EnrolmentReason reason, String message) {
        this(reason, message, null);
    }

    private EnrolmentRejection(EnrolmentReason reason, String message, Quality quality) {
        super(message);
        this.reason = reason;
        this.quality = quality;
    }

    /** The same rejection with the quality of the face. */
    EnrolmentRejection with(Quality measured) {
        return new EnrolmentRejection(reason, getMessage(), measured);
    }

    public EnrolmentReason reason() {
        return reason;
    }

    /** The quality of the face; empty if none was embedded. */
    public Optional<Quality> quality() {
        return Optional.ofNullable(quality);
    }
}
