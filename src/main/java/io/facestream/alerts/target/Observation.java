package io.facestream.alerts.target;

import io.facestream.sightings.message.Sighting;
import java.util.Objects;

/**
 * A message of a visit, as it came.
 *
 * @param name of its subject, as of today; null for somebody unknown, for whoever was erased, and for a person who is
 *     not in this database. Not {@code sighting.subject().name()}, which is what it was when the message was written.
 */
public record Observation(Sighting sighting, String name) {
    public Observation {
        Objects.requireNonNull(sighting, "sighting");
    }
}
