package io.facestream.messaging;

/** Thrown where the content of a record can never be processed. An outage is never reported by it. */
public final class RejectedException extends Exception {
    private static final long serialVersionUID = 1L;

    private static final int MAX_MESSAGE_CHARACTERS = 1_000;

    private final RejectReason reason;

    /**
     * @param message what was found and what was expected, for the owner of the producer; truncated to 1,000 characters
     */
    public RejectedException(RejectReason reason, String message) {
        this(reason, message, null);
    }

    public RejectedException(RejectReason reason, String message, Throwable cause) {
        super(abbreviated(message), cause);
        this.reason = reason;
    }

    /** Truncates a message, which may quote its input, so that it fits every topic; never null. */
    public static String abbreviated(String message) {
        if (message == null) {
            return "";
        }
        if (message.length() <= MAX_MESSAGE_CHARACTERS) {
            return message;
        }
        // half a surrogate pair could not be encoded
        int end = MAX_MESSAGE_CHARACTERS - 1;
        return message.substring(0, Character.isHighSurrogate(message.charAt(end - 1)) ? end - 1 : end) + "…";
    }

    public RejectReason reason() {
        return reason;
    }
}
