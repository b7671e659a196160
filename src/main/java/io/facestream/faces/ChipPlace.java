package io.facestream.faces;

import io.facestream.messaging.RecordPointer;
import java.util.Objects;

/**
 * Where the chip of a face lies, and whose it must be: another record lies there once the topic was made anew.
 *
 * @param source of the face's event, a URI reference
 * @param eventId of the face
 * @param chip the place of its record on {@code detected-faces}
 */
public record ChipPlace(String source, String eventId, RecordPointer chip) {
    public ChipPlace {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(eventId, "eventId");
        Objects.requireNonNull(chip, "chip");
    }
}
