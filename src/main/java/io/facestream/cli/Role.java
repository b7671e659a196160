package io.facestream.cli;

import java.util.Locale;

/** What a process can be; each is a Quarkus profile of the same name. */
enum Role {
    DETECTION,
    EMBEDDING,
    MATCHING,
    ENROLMENT;

    String profile() {
        return name().toLowerCase(Locale.ROOT);
    }
}
