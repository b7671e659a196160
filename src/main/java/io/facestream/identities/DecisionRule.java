package io.facestream.identities;

import io.facestream.gallery.Neighbour;
import io.facestream.models.Calibration;
import java.util.List;

/**
 * Open-set identification by threshold and separation.
 *
 * @param threshold largest distance of a match with a template of one photo: L2 of unit vectors, 0 to 2
 * @param separation how much farther the runner-up identity must be
 * @param averaging as the model version's {@link Calibration} has it; 0 if one threshold holds for all templates
 */
public record DecisionRule(float threshold, float separation, double averaging) {
    /** One threshold for all templates. */
    public DecisionRule(float threshold, float separation) {
        this(threshold, separation, 0);
    }

    public DecisionRule {
        if (!(threshold >= 0 && threshold <= 2 && separation >= 0 && separation <= 2)) {
            throw new IllegalArgumentException(
                    "threshold and separation must be distances, 0 to 2, not " + threshold + " and " + separation);
        }
    }

    /** The rule for templates of so many photos alone. The database's template_threshold equals its threshold. */
    public DecisionRule of(int samples) {
        return samples == 1 || averaging == 0
                ? this
                : new DecisionRule((float) Calibration.averaged(threshold, samples, averaging), separation);
    }

    /** @param neighbours different identities, nearest first; the first two decide */
    public Identification decide(List<Neighbour> neighbours) {
        if (neighbours.isEmpty()) {
            return new Identification.Unknown(null);
        }
        Neighbour nearest = neighbours.get(0);
        if (nearest.distance() > of(nearest.samples()).threshold()) {
            return new Identification.Unknown(null);
        }
        if (nearest.ruledOut()) {
            return new Identification.Unknown(Identification.Reason.NOT_THIS_PERSON);
        }
        if (neighbours.size() > 1 && neighbours.get(1).distance() - nearest.distance() < separation) {
            return new Identification.Ambiguous(nearest, neighbours.get(1));
        }
        return new Identification.Known(nearest);
    }
}
