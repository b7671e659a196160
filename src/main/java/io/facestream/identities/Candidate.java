package io.facestream.identities;

import io.facestream.gallery.Neighbour;
import java.util.UUID;

/**
 * An identity that a face may belong to.
 *
 * @param distance L2 of unit vectors, 0 to 2
 * @param similarity their cosine, 1 - distance^2 / 2, -1 to 1
 */
public record Candidate(UUID identityId, String name, float distance, float similarity) {
    static Candidate of(Neighbour neighbour) {
        float distance = neighbour.distance();
        return new Candidate(neighbour.identityId(), neighbour.name(), distance, 1 - distance * distance / 2);
    }
}
