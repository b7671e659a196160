package io.facestream.gallery;

import java.util.UUID;

/**
 * An identity near a probe.
 *
 * @param name of the person; null for a stranger
 * @param distance from the probe to the identity's template: L2 of unit vectors, 0 to 2
 */
public record Neighbour(UUID identityId, String name, float distance) {}
