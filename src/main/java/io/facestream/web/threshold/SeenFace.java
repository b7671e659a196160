package io.facestream.web.threshold;

import io.facestream.identities.Identification.Decision;
import java.time.Instant;
import java.util.UUID;

/**
 * A face that an event told of, with what its decision rested on. It has no name, since that may have been erased.
 *
 * @param nearest the person whose template was nearest
 * @param distance to that template: L2 of unit vectors
 * @param next to the nearest template of somebody else; null if there was nobody else
 * @param decision as it was made then
 * @param stranger the kept stranger whose face it was; null if it was none's
 */
record SeenFace(
        String camera, Instant at, UUID nearest, float distance, Float next, Decision decision, UUID stranger) {}
