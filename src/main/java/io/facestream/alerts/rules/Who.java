package io.facestream.alerts.rules;

import io.facestream.curation.rules.Whom;
import io.facestream.sightings.message.Subject;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The subjects that a rule is about.
 *
 * @param known everybody who is in the gallery
 * @param strangers passers-by who are kept
 * @param unknown everybody who is not in the gallery, strangers among them
 * @param people by identityId, strangers too
 * @param names of people, in the form in which names are stored
 * @param tags of people
 * @param stored the name of a rule that a command made: the database knows whom it names; empty for one of the settings
 */
record Who(
        boolean known,
        boolean strangers,
        boolean unknown,
        Set<UUID> people,
        Set<String> names,
        Set<String> tags,
        Optional<String> stored) {
    Who {
        people = Set.copyOf(people);
        names = Set.copyOf(names);
        tags = Set.copyOf(tags);
    }

    /** @throws IllegalArgumentException naming what is wrong */
    static Who of(List<String> entries) {
        Whom whom = Whom.of(entries);
        Set<UUID> people = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (String person : whom.people()) {
            if (person.matches("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
                people.add(UUID.fromString(person));
            } else {
                names.add(person);
            }
        }
        return new Who(
                whom.known(),
                whom.strangers(),
                whom.unknown(),
                people,
                names,
                Set.copyOf(whom.tags()),
                Optional.empty());
    }

    /** @param person who it is; null for whoever has no id */
    boolean includes(Subject subject, Person person) {
        if (person == null) {
            return unknown;
        }
        boolean stranger = subject.kind() == Subject.Kind.STRANGER;
        return (stranger ? strangers || unknown : known)
                || people.contains(person.id())
                || people.contains(subject.identityId())
                || (person.name() != null && names.contains(person.name()))
                || tags.stream().anyMatch(person.tags()::contains)
                || stored.filter(person.rules()::contains).isPresent();
    }
}
