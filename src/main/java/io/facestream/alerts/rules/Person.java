package io.facestream.alerts.rules;

import java.util.Set;
import java.util.UUID;

/**
 * Who somebody is as of today.
 *
 * @param id after merges
 * @param name null for strangers
 * @param ignored whether nobody is alerted about them
 * @param rules names of rules that a command made, and that name this person or stranger
 */
public record Person(UUID id, String name, Set<String> tags, boolean ignored, Set<String> rules) {
    public Person {
        tags = Set.copyOf(tags);
        rules = Set.copyOf(rules);
    }
}
