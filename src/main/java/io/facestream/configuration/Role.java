package io.facestream.configuration;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a process can be; each is a Quarkus profile of the same name. */
public enum Role {
    DETECTION,
    EMBEDDING,
    MATCHING,
    ENROLMENT,
    TRAINING;

    /** What {@code quarkus.profile} is for a process of those roles; of two that set the same, the later one has it. */
    public static String profile(Collection<Role> roles) {
        return roles.stream().map(Role::toString).collect(Collectors.joining(","));
    }

    /** The profile's name, which is also how people write the role. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
