package io.facestream.sightings.message;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;

/**
 * Who a visit is of.
 *
 * @param identityId null for somebody unknown
 * @param name of a person; null for somebody unknown, and for a person whom this process has not heard named since it
 *     started: a sighting is bound to the id
 * @param probability that the faces are this person's, 0 to 1; null for somebody unknown
 * @param supersedes who the visit was said to be of before; null if nobody else was named
 */
public record Subject(Kind kind, UUID identityId, String name, Double probability, Former supersedes) {
    /** @throws IllegalArgumentException if the fields contradict each other */
    public Subject {
        Objects.requireNonNull(kind, "kind");
        if ((kind == Kind.UNKNOWN) != (identityId == null)) {
            throw new IllegalArgumentException("everybody but the unknown has an identityId");
        }
        if (kind == Kind.UNKNOWN && (name != null || probability != null)) {
            throw new IllegalArgumentException("somebody unknown has neither a name nor a probability");
        }
        if (probability != null && !(probability >= 0 && probability <= 1)) {
            throw new IllegalArgumentException("a probability is 0 to 1, not " + probability);
        }
    }

    /** What kind of subject it is. */
    public enum Kind {
        /** Somebody who is enrolled. */
        PERSON,
        /** Somebody who is not enrolled, but was seen and kept before. */
        STRANGER,
        /** Anybody else. */
        UNKNOWN;

        @JsonValue
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Somebody whom an earlier message of the visit named. */
    public record Former(Kind kind, UUID identityId, String name) {
        public Former {
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(identityId, "identityId");
        }
    }
}
