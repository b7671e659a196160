package io.facestream.sightings.visits;

import io.facestream.sightings.message.BestShot;
import java.util.List;
import java.util.UUID;

/**
 * A visit of somebody who is to be known again.
 *
 * @param source of the visit, a URI reference
 * @param stranger whom the visit was told to be of; null if it was nobody's
 * @param shots the best views, 1 to {@value StrangerRules#MOST_SHOTS}
 */
public record StrangerVisit(String source, String sightingId, UUID stranger, List<BestShot> shots) {
    public StrangerVisit {
        shots = List.copyOf(shots);
    }
}
