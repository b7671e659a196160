package io.facestream.messaging;

/** Thrown where a record's content cannot be processed, now or ever: never for an outage. */
public final class RejectedException extends Exception {
    private static final long serialVersionUID = 1L;

    private static final int MAX_MESSAGE_CHARACTERS = 1_000;

    private final RejectReason reason;

    /** @param message what was found and what was expected, in words for the producer's owner; cut off after 1,000 characters */
    public RejectedException(RejectReason reason, String message) {
        this(reason, message, null);
    }

    public RejectedException(RejectReason reason, String message, Throwable cause) {
        super(abbreviated(message), cause);
        this.reason = reason;
    }

    /** A message that may repeat what came, cut off so that every topic takes it; never null. */
    public static String abbreviated(String message) {
        if (message == null) {
            return "";
        }
        if (message.length() <= MAX_MESSAGE_CHARACTERS) {
            return message;
        }
        // half of a character outside the basic plane could not be written
        int end = MAX_MESSAGE_CHARACTERS - 1;
        return message.substring(0, Character.isHighSurrogate(message.charAt(end - 1)) ? end - 1 : end) + "…";
    }

    public RejectReason reason() {
        return reason;
    }
}
