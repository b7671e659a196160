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
 * @param tags of people
 */
record Who(boolean known, boolean unknown, Set<UUID> people, Set<String> names, Set<String> tags) {
    private static final String TAG = "tag:";
    private static final Set<String> WORDS = Set.of("anybody", "known", "unknown");

    Who {
        people = Set.copyOf(people);
        names = Set.copyOf(names);
        tags = Set.copyOf(tags);
    }

    /** @throws IllegalArgumentException naming what is wrong */
    static Who of(List<String> entries) {
        boolean known = false;
        boolean unknown = false;
        Set<UUID> people = new HashSet<>();
        Set<String> names = new HashSet<>();
        Set<String> tags = new HashSet<>();
        for (String entry : entries) {
            String one = entry.strip();
            switch (one) {
                case "anybody" -> {
                    known = true;
                    unknown = true;
                }
                case "known" -> known = true;
                case "unknown" -> unknown = true;
                default -> {
                    if (one.startsWith(TAG)) {
                        tags.add(plain("a tag", one.substring(TAG.length())));
                    } else {
                        person(one, people, names);
                    }
                }
            }
        }
        if (!known && !unknown && people.isEmpty() && names.isEmpty() && tags.isEmpty()) {
            throw new IllegalArgumentException(
                    "who names nobody: anybody, known, unknown, or people by name, identityId or tag:...");
        }
        return new Who(known, unknown, people, names, tags);
    }

    private static void person(String entry, Set<UUID> people, Set<String> names) {
        if (entry.matches("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
            people.add(UUID.fromString(entry));
            return;
        }
        if (WORDS.contains(PlainName.folded(entry))) {
            throw new IllegalArgumentException("who has \"" + entry + "\": anybody, known and unknown are written in"
                    + " lower case, and a person of such a name is given by identityId");
        }
        names.add(plain("a name", entry));
    }

    private static String plain(String what, String text) {
        try {
            return PlainName.of(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("who has " + what + " that nobody can have: " + e.getMessage(), e);
        }
    }

    /** @param person who it is; null for whoever is not a person */
    boolean includes(Subject subject, Person person) {
        if (subject.kind() != Subject.Kind.PERSON || person == null) {
            return unknown;
        }
        return known
                || people.contains(person.id())
                || people.contains(subject.identityId())
                || names.contains(person.name())
                || tags.stream().anyMatch(person.tags()::contains);
    }
}
