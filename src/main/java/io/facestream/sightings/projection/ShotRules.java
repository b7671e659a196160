package io.facestream.sightings.projection;

import io.facestream.sightings.message.Subject;
import java.time.Duration;
import java.util.Objects;

/**
 * Of whom the best shot is kept, and for how long.
 *
 * @param people enrolled ones; zero keeps none
 * @param others strangers and unknown people; zero keeps none
 */
record ShotRules(Duration people, Duration others) {
    ShotRules {
        Objects.requireNonNull(people, "people");
        Objects.requireNonNull(others, "others");
    }

    boolean keepsPeople() {
        return people.compareTo(Duration.ZERO) > 0;
    }

    boolean keepsOthers() {
        return others.compareTo(Duration.ZERO) > 0;
    }

    boolean keeps(Subject.Kind kind) {
        return kind == Subject.Kind.PERSON ? keepsPeople() : keepsOthers();
    }
}
