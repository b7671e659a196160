package io.facestream.sightings.visits;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The names that lately came with events. They live on the heap only, never in a state store or its changelog, and only
 * as long as an open visit mentions the person: an erasure must not have to hunt them down there. After a restart a
 * person has no name until the next event that names them.
 */
public final class Names {
    private final Map<UUID, String> names = new HashMap<>();

    /** Notes a name as the latest event has it. */
    public void put(UUID identity, String name) {
        names.put(identity, name);
    }

    /** The name; null if no event has told it. */
    String of(UUID identity) {
        return names.get(identity);
    }

    /** Forgets everybody else. */
    public void retain(Collection<UUID> mentioned) {
        names.keySet().retainAll(mentioned);
    }
}
