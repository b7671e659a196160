package io.facestream.curation.message;

import io.facestream.faces.Quality;
import io.facestream.messaging.RecordPointer;

/**
 * A view of a face by which somebody is known again.
 *
 * @param eventId of its identity event
 * @param chip its place on {@code detected-faces}
 */
public record StrangerShot(String eventId, RecordPointer chip, Quality quality) {
    /** @throws IllegalArgumentException if a field is missing, or too long */
    public StrangerShot {
        if (eventId == null || eventId.isBlank() || eventId.length() > GalleryCommand.MOST_ID) {
            throw new IllegalArgumentException("eventId has 1 to " + GalleryCommand.MOST_ID + " characters");
        }
        if (chip == null || quality == null) {
            throw new IllegalArgumentException("chip, the place of a record, or quality is missing");
        }
    }
}
