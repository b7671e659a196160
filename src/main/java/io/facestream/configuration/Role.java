package io.facestream.configuration;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a process can be; each is a Quarkus profile of the same name. */
public enum Role {
    DETECTION,
    EMBEDDING,
    MATCHING,
    SIGHTINGS,
    ALERTS,
    ENROLMENT,
    CURATION,
    TRAINING,
    CAMERAS,
    WEB;

    /**
     * The value of {@code quarkus.profile} for a process with these roles. If two set the same property, the later one
     * wins.
     */
    public static String profile(Collection<Role> roles) {
        return roles.stream().map(Role::toString).collect(Collectors.joining(","));
    }

    /** The profile's name, which is also how people write the role. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
