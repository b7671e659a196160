package io.facestream.sightings.projection;

import io.facestream.faces.ChipPlace;
import io.facestream.messaging.RecordPointer;
import java.time.LocalDate;
import java.util.UUID;

/**
 * A visit whose best shot is not in the database yet.
 *
 * @param identityId of whom the visit is; null for somebody unknown
 * @param eventId of the face
 * @param chip the place of its chip, as the message says
 */
record WantedShot(
        String source, String sightingId, LocalDate day, UUID identityId, String eventId, RecordPointer chip) {
    ChipPlace place() {
        return new ChipPlace(source, eventId, chip);
    }
}
