package io.facestream.sightings.message;

import io.facestream.faces.Box;
import io.facestream.faces.Quality;
import io.facestream.identities.IdentityEvent;
import java.time.Instant;
import java.util.Objects;

/**
 * The best view of a face during a visit.
 *
 * @param eventId of its identity event
 * @param capturedAt when it was taken
 * @param box in pixels of the upright frame
 * @param pointers the places of frame, chip and embedding, as long as their topics keep them
 */
public record BestShot(String eventId, Instant capturedAt, Quality quality, Box box, IdentityEvent.Pointers pointers) {
    public BestShot {
        Objects.requireNonNull(eventId, "eventId");
        Objects.requireNonNull(capturedAt, "capturedAt");
        Objects.requireNonNull(quality, "quality");
        Objects.requireNonNull(box, "box");
        Objects.requireNonNull(pointers, "pointers");
    }
}
