package io.facestream.alerts.rules;

import java.util.Set;
import java.util.UUID;

/**
 * Who somebody is as of today.
 *
 * @param id after merges
 * @param name null for strangers
 * @param ignored whether nobody is alerted about them
 */
public record Person(UUID id, String name, Set<String> tags, boolean ignored) {
    public Person {
        tags = Set.copyOf(tags);
    }
}
