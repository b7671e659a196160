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

    /** Why a face is UNKNOWN regardless of the nearest template's distance. */
    enum Reason {
        /** The quality is too poor to judge by distances. */
        TOO_SMALL("too-small"),
        /** The quality is too poor to judge by distances. */
        TOO_BLURRED("too-blurred"),
        /** The quality is too poor to judge by distances. */
        LOW_NORM("low-norm"),
        /** A face that was said not to be the nearest person's is nearer than the person's template. */
        NOT_THIS_PERSON("not-this-person");

        private final String code;

        Reason(String code) {
            this.code = code;
        }

        @JsonValue
        public String code() {
            return code;
        }

        /** Whether the view is too poor to say anything about who it is. */
        public boolean isTooPoor() {
            return this != NOT_THIS_PERSON;
        }
    }

    /**
     * Nobody is named.
     *
     * @param reason why the nearest template's distance was not considered; null if nobody is near enough
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
