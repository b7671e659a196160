package io.facestream.gallery;

/** Thrown where a labelled photo is not enrolled because of what it is; never for an outage. */
public final class EnrolmentRejection extends Exception {
    private static final long serialVersionUID = 1L;

    private final EnrolmentReason reason;

    /** @param message in words for whoever published the photo */
    EnrolmentRejection(EnrolmentReason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public EnrolmentReason reason() {
        return reason;
    }
}
