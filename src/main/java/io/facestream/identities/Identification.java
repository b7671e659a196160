package io.facestream.identities;

import com.fasterxml.jackson.annotation.JsonValue;
import io.facestream.gallery.Neighbour;

/** The result of the open-set rule for a probe. */
public sealed interface Identification {
    /** The decision, as events name it. */
    enum Decision {
        KNOWN,
        UNKNOWN,
        AMBIGUOUS
    }

    Decision decision();

    /** One identity is near enough, and nearer than every other by the separation. */
    record Known(Neighbour match) implements Identification {
        @Override
        public Decision decision() {
            return Decision.KNOWN;
        }
    }

    /** Why a face is UNKNOWN regardless of distances: its quality is too poor to judge by them. */
    enum Reason {
        TOO_SMALL("too-small"),
        TOO_BLURRED("too-blurred"),
        LOW_NORM("low-norm");

        private final String code;

        Reason(String code) {
            this.code = code;
        }

        @JsonValue
        public String code() {
            return code;
        }
    }

    /**
     * Nobody is near enough.
     *
     * @param reason why the distances were not considered; null if they decided
     */
    record Unknown(Reason reason) implements Identification {
        @Override
        public Decision decision() {
            return Decision.UNKNOWN;
        }
    }

    /** The nearest identity is near enough, but the runner-up is hardly farther, so nobody is named. */
    record Ambiguous(Neighbour nearest, Neighbour runnerUp) implements Identification {
        @Override
        public Decision decision() {
            return Decision.AMBIGUOUS;
        }
    }
}
