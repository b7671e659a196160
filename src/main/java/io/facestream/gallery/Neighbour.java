package io.facestream.gallery;

import java.util.UUID;

/**
 * An identity near a probe.
 *
 * @param name of the person; null for a stranger
 * @param distance from the probe to the identity's template: L2 of unit vectors, 0 to 2
 * @param samples photos that the template averages, at least 1
 */
public record Neighbour(UUID identityId, String name, float distance, int samples) {
    /** One with a template of one photo. */
    public Neighbour(UUID identityId, String name, float distance) {
        this(identityId, name, distance, 1);
    }
}
