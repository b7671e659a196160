package io.facestream.gallery;

import java.util.UUID;

/**
 * An identity near a probe.
 *
 * @param name of the person; null for a stranger
 * @param distance from the probe to the identity's template: L2 of unit vectors, 0 to 2
 * @param samples photos that the template averages, at least 1
 * @param ruledOut whether a face that was said not to be this identity's is nearer to the probe than the template
 */
public record Neighbour(UUID identityId, String name, float distance, int samples, boolean ruledOut) {
    /** One with a template of one photo, whom nobody has ruled out. */
    public Neighbour(UUID identityId, String name, float distance) {
        this(identityId, name, distance, 1);
    }

    /** One whom nobody has ruled out. */
    public Neighbour(UUID identityId, String name, float distance, int samples) {
        this(identityId, name, distance, samples, false);
    }
}
