package io.facestream.alerts.rules;

import io.facestream.messaging.PlainName;
import io.facestream.sightings.message.Subject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * The subjects that a rule is about.
 *
 * @param known everybody who is named
 * @param unknown everybody who is not
 * @param people by identityId
 * @param names of people, in the form in which names are stored
 */
record Who(boolean known, boolean unknown, Set<UUID> people, Set<String> names) {
    private static final String TAG = "tag:";
    private static final Set<String> WORDS = Set.of("anybody", "known", "unknown");

    Who {
        people = Set.copyOf(people);
        names = Set.copyOf(names);
    }

    /** @throws IllegalArgumentException naming what is wrong */
    static Who of(List<String> entries) {
        boolean known = false;
        boolean unknown = false;
        Set<UUID> people = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (String entry : entries) {
            String one = entry.strip();
            switch (one) {
                case "anybody" -> {
                    known = true;
                    unknown = true;
                }
                case "known" -> known = true;
                case "unknown" -> unknown = true;
                default -> person(one, people, names);
            }
        }
        if (!known && !unknown && people.isEmpty() && names.isEmpty()) {
            throw new IllegalArgumentException(
                    "who names nobody: anybody, known, unknown, or people by name or identityId");
        }
        return new Who(known, unknown, people, names);
    }

    private static void person(String entry, Set<UUID> people, Set<String> names) {
        if (entry.startsWith(TAG)) {
            throw new IllegalArgumentException("who has " + TAG + "...: there are no tags yet");
        }
        if (entry.matches("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
            people.add(UUID.fromString(entry));
            return;
        }
        if (WORDS.contains(PlainName.folded(entry))) {
            throw new IllegalArgumentException("who has \"" + entry + "\": anybody, known and unknown are written in"
                    + " lower case, and a person of such a name is given by identityId");
        }
        try {
            names.add(PlainName.of(entry));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("who has a name that nobody can have: " + e.getMessage(), e);
        }
    }

    /** @param name of today; null for whoever has none */
    boolean includes(Subject subject, String name) {
        if (subject.kind() != Subject.Kind.PERSON) {
            return unknown;
        }
        return known || people.contains(subject.identityId()) || (name != null && names.contains(name));
    }
}
