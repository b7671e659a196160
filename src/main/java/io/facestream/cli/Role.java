package io.facestream.cli;

import java.util.Locale;

/** What a process can be; each is a Quarkus profile of the same name. */
enum Role {
    DETECTION,
    EMBEDDING,
    MATCHING,
    ENROLMENT,
    TRAINING;

    /** The profile's name, which is also how people write the role. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
