package io.facestream.identities;

import io.facestream.gallery.Neighbour;
import java.util.List;

/**
 * Open-set identification by threshold and separation.
 *
 * @param threshold largest distance of a match: L2 of unit vectors, 0 to 2
 * @param separation how much farther the runner-up identity must be
 */
public record DecisionRule(float threshold, float separation) {
    public DecisionRule {
        if (!(threshold >= 0 && threshold <= 2 && separation >= 0 && separation <= 2)) {
            throw new IllegalArgumentException(
                    "threshold and separation must be distances, 0 to 2, not " + threshold + " and " + separation);
        }
    }

    /** @param neighbours different identities, nearest first; the first two decide */
    public Identification decide(List<Neighbour> neighbours) {
        if (neighbours.isEmpty() || neighbours.get(0).distance() > threshold) {
            return new Identification.Unknown(null);
        }
        Neighbour nearest = neighbours.get(0);
        if (nearest.ruledOut()) {
            return new Identification.Unknown(Identification.Reason.NOT_THIS_PERSON);
        }
        if (neighbours.size() > 1 && neighbours.get(1).distance() - nearest.distance() < separation) {
            return new Identification.Ambiguous(nearest, neighbours.get(1));
        }
        return new Identification.Known(nearest);
    }
}
