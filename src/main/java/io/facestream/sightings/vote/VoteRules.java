package io.facestream.sightings.vote;

import java.time.Duration;

/**
 * What it takes to name somebody.
 *
 * @param confirm least number of KNOWN faces for a name
 * @param nameSpan least time between the first and the last of them: frames of one moment are no independent witnesses
 * @param confirmProbability one face with at least this probability names somebody by itself, 0 to 1
 */
public record VoteRules(int confirm, Duration nameSpan, double confirmProbability) {
    public VoteRules {
        if (confirm < 1 || nameSpan.isNegative() || !(confirmProbability >= 0 && confirmProbability <= 1)) {
            throw new IllegalArgumentException(
                    "confirm is 1 or more, the span 0 s or longer and the probability 0 to 1," + " not " + confirm
                            + ", " + nameSpan + " and " + confirmProbability);
        }
    }
}
