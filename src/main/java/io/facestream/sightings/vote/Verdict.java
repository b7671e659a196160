package io.facestream.sightings.vote;

import io.facestream.identities.Candidate;
import io.facestream.identities.Identification.Decision;
import io.facestream.identities.Identification.Reason;
import io.facestream.identities.IdentityEvent;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * What matching decided about one face, without names.
 *
 * @param reason why its quality is too poor to judge, or that the nearest identity was ruled out by hand; null if
 *     distances decided
 * @param nearest the identity whose template is nearest; null if the gallery is empty
 * @param probability that the face is the nearest identity's, 0 to 1
 * @param stranger the kept stranger whose face it is; null if it is none's
 */
public record Verdict(Decision decision, Reason reason, UUID nearest, double probability, UUID stranger) {
    /** For a model version that is not calibrated: a decision says a little, and no more than that. */
    private static final double IF_KNOWN = 0.9;

    private static final double IF_AMBIGUOUS = 0.5;
    private static final double IF_UNKNOWN = 0.1;

    public Verdict {
        Objects.requireNonNull(decision, "decision");
        if (decision == Decision.KNOWN && nearest == null) {
            throw new IllegalArgumentException("a face that is KNOWN has a nearest identity");
        }
        if (stranger != null && decision != Decision.UNKNOWN) {
            throw new IllegalArgumentException("a stranger's face is UNKNOWN, not " + decision);
        }
        if (!(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("a probability is 0 to 1, not " + probability);
        }
    }

    /** About a face that is no stranger's. */
    public Verdict(Decision decision, Reason reason, UUID nearest, double probability) {
        this(decision, reason, nearest, probability, null);
    }

    /** @throws IllegalArgumentException if the event contradicts itself */
    public static Verdict of(IdentityEvent.Judgement judgement) {
        List<Candidate> candidates = judgement.candidates() == null ? List.of() : judgement.candidates();
        UUID nearest = judgement.identityId() != null
                ? judgement.identityId()
                : candidates.isEmpty() ? null : candidates.get(0).identityId();
        Decision decision = Objects.requireNonNull(judgement.decision(), "decision");
        return new Verdict(
                decision,
                judgement.reason(),
                nearest,
                probability(judgement, decision, nearest),
                judgement.strangerId());
    }

    /** Whether it says anything about who it is, even that it is not somebody. */
    public boolean isJudged() {
        return reason == null || !reason.isTooPoor();
    }

    /** Whether somebody said of such a face that it is not the nearest identity's. */
    boolean isRuledOut() {
        return reason == Reason.NOT_THIS_PERSON;
    }

    private static double probability(IdentityEvent.Judgement judgement, Decision decision, UUID nearest) {
        if (nearest == null) {
            return 0;
        }
        if (judgement.probability() != null) {
            return judgement.probability();
        }
        return switch (decision) {
            case KNOWN -> IF_KNOWN;
            case AMBIGUOUS -> IF_AMBIGUOUS;
            case UNKNOWN -> IF_UNKNOWN;
        };
    }
}
