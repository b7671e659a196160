package io.facestream.gallery;

import java.util.UUID;

/**
 * An identity near a probe.
 *
 * @param name of the person; null for a stranger
 * @param distance from the probe to the identity's template: L2 of unit vectors, 0 to 2
 * @param ruledOut whether a face that was said not to be this identity's is nearer to the probe than the template
 */
public record Neighbour(UUID identityId, String name, float distance, boolean ruledOut) {
    /** One that nobody has ruled out. */
    public Neighbour(UUID identityId, String name, float distance) {
        this(identityId, name, distance, false);
    }
}
