package io.facestream.sightings.visits;

import io.facestream.sightings.vote.VoteRules;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * When visits begin, end, and are told of.
 *
 * @param votes what it takes to name somebody; as many faces make a visit
 * @param absence a visit ends when a later frame lies beyond this time after its last face
 * @param rejoin somebody who re-appears within this time after the last face goes on with the visit
 * @param updateInterval after this time a visit is told of again, if its face is still seen
 * @param strangers of which visits the stranger is kept; empty if none are
 */
public record VisitRules(
        VoteRules votes,
        Duration absence,
        Duration rejoin,
        Duration updateInterval,
        Optional<StrangerRules> strangers) {
    /** Keeps no strangers. */
    public VisitRules(VoteRules votes, Duration absence, Duration rejoin, Duration updateInterval) {
        this(votes, absence, rejoin, updateInterval, Optional.empty());
    }

    /** The same rules, and the strangers of visits are kept. */
    public VisitRules keeping(StrangerRules kept) {
        return new VisitRules(votes, absence, rejoin, updateInterval, Optional.of(kept));
    }

    public VisitRules {
        Objects.requireNonNull(votes, "votes");
        if (absence.isNegative() || absence.isZero() || rejoin.compareTo(absence) < 0) {
            throw new IllegalArgumentException(
                    "the absence is above 0 s and the rejoin at least as long, not " + absence + " and " + rejoin);
        }
        if (updateInterval.isNegative() || updateInterval.isZero()) {
            throw new IllegalArgumentException("the update interval is above 0 s, not " + updateInterval);
        }
    }
}
