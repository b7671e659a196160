package io.facestream.gallery.archive;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A line of {@code negatives.jsonl}: a face that is not a person's. Its picture is {@code negatives/ID.png}.
 *
 * @param person whose it is not
 * @param source of the face's event, as its {@code eventId}
 * @param vectors under the versions of the header; null without vectors
 */
record ArchivedNegative(
        @JsonProperty(required = true) UUID id,
        @JsonProperty(required = true) UUID person,
        @JsonProperty(required = true) String source,
        @JsonProperty(required = true) String eventId,
        @JsonProperty(required = true) Instant createdAt,
        List<ArchivedVector> vectors) {
    private static final int LONGEST = 1_000;

    ArchivedNegative {
        if (id == null || person == null || createdAt == null) {
            throw new IllegalArgumentException("a negative has id, person and createdAt");
        }
        if (isNoPlace(source) || isNoPlace(eventId)) {
            throw new IllegalArgumentException("source and eventId have 1 to " + LONGEST + " characters");
        }
        vectors = vectors == null ? List.of() : List.copyOf(vectors);
    }

    private static boolean isNoPlace(String text) {
        return text == null || text.isEmpty() || text.length() > LONGEST;
    }
}
