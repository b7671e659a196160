package io.facestream.curation.message;

import io.facestream.messaging.RecordPointer;

/**
 * The face of an identity event.
 *
 * @param source of the event, a URI reference
 * @param eventId unique per source
 * @param chip the event's pointer of that name
 */
public record FaceRef(String source, String eventId, RecordPointer chip) {
    private static final int MOST_CHARACTERS = 2_048;

    /** @throws IllegalArgumentException if something is missing or too long */
    public FaceRef {
        requireText("face.source", source);
        requireText("face.eventId", eventId);
        if (chip == null || chip.topic() == null || chip.partition() < 0 || chip.offset() < 0) {
            throw new IllegalArgumentException("face.chip is a topic, a partition and an offset");
        }
    }

    static void requireText(String field, String value) {
        if (value == null || value.isEmpty() || value.length() > MOST_CHARACTERS || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(field + " has 1 to " + MOST_CHARACTERS + " characters");
        }
    }
}
