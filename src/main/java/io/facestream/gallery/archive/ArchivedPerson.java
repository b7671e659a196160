package io.facestream.gallery.archive;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.facestream.messaging.PlainName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A line of {@code people.jsonl}: a person, or a stranger.
 *
 * @param name null for a stranger
 * @param mergedInto whom this person turned out to be, who comes before; null if nobody
 * @param ignored whether nobody is alerted
 * @param keptAt since when a stranger is kept; null for a person, and where only the id of a stranger is left
 * @param expiresAt until when; null as {@code keptAt}
 */
record ArchivedPerson(
        @JsonProperty(required = true) UUID id,
        String name,
        @JsonProperty(required = true) Instant createdAt,
        UUID mergedInto,
        boolean ignored,
        Map<String, Object> metadata,
        List<String> tags,
        List<String> formerNames,
        Instant keptAt,
        Instant expiresAt) {
    private static final int MOST_NAMES = 10_000;

    ArchivedPerson {
        if (id == null || createdAt == null) {
            throw new IllegalArgumentException("a person has id and createdAt");
        }
        name = name == null ? null : PlainName.of(name);
        metadata = metadata == null ? Map.of() : metadata;
        tags = plain(tags);
        formerNames = plain(formerNames);
        if (name == null && mergedInto == null && expiresAt == null) {
            throw new IllegalArgumentException("a person has a name, and a stranger keptAt and expiresAt");
        }
        if ((keptAt == null) != (expiresAt == null) || name != null && keptAt != null) {
            throw new IllegalArgumentException("strangers, who have no name, have both keptAt and expiresAt");
        }
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
