package io.facestream.gallery.archive;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.facestream.messaging.PlainName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A line of {@code people.jsonl}.
 *
 * @param mergedInto whom this person turned out to be, who comes before; null if nobody
 * @param ignored whether nobody is alerted
 */
record ArchivedPerson(
        @JsonProperty(required = true) UUID id,
        @JsonProperty(required = true) String name,
        @JsonProperty(required = true) Instant createdAt,
        UUID mergedInto,
        boolean ignored,
        Map<String, Object> metadata,
        List<String> tags,
        List<String> formerNames) {
    private static final int MOST_NAMES = 10_000;

    ArchivedPerson {
        if (id == null || createdAt == null) {
            throw new IllegalArgumentException("a person has id, name and createdAt");
        }
        name = PlainName.of(name);
        metadata = metadata == null ? Map.of() : metadata;
        tags = plain(tags);
        formerNames = plain(formerNames);
    }

    private static List<String> plain(List<String> names) {
        if (names == null) {
            return List.of();
        }
        if (names.size() > MOST_NAMES) {
            throw new IllegalArgumentException("at most " + MOST_NAMES + " names or tags");
        }
        return names.stream().map(PlainName::of).distinct().toList();
    }
}
