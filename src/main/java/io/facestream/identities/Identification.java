package io.facestream.identities;

import io.facestream.gallery.Neighbour;

/** What the open-set rule says of a probe. */
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

    /** Nobody is near enough. */
    record Unknown() implements Identification {
        @Override
        public Decision decision() {
            return Decision.UNKNOWN;
        }
    }

    /** The nearest is near enough, but the runner-up is hardly farther: nobody is named. */
    record Ambiguous(Neighbour nearest, Neighbour runnerUp) implements Identification {
        @Override
        public Decision decision() {
            return Decision.AMBIGUOUS;
        }
    }
}
