package io.facestream.gallery.archive;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.facestream.faces.Quality;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A line of {@code photos.jsonl}: a photo of a person, or a chip of a stranger. Its picture is {@code photos/ID.png}.
 *
 * @param sha256 of the photo as it was published, 64 hexadecimal digits
 * @param enrolled whether it counts
 * @param topic where it was published, with partition and offset
 * @param vectors under the versions of the header; null without vectors
 */
record ArchivedPhoto(
        @JsonProperty(required = true) UUID id,
        @JsonProperty(required = true) UUID person,
        @JsonProperty(required = true) String sha256,
        @JsonProperty(required = true) boolean enrolled,
        @JsonProperty(required = true) Quality quality,
        @JsonProperty(required = true) String topic,
        @JsonProperty(required = true) int partition,
        @JsonProperty(required = true) long offset,
        @JsonProperty(required = true) Instant createdAt,
        List<ArchivedVector> vectors) {
    private static final int LONGEST_TOPIC = 249;
    private static final String SHA256 = "[0-9a-f]{64}";

    ArchivedPhoto {
        if (id == null || person == null || quality == null || createdAt == null) {
            throw new IllegalArgumentException("a photo has id, person, quality and createdAt");
        }
        if (sha256 == null || !sha256.matches(SHA256)) {
            throw new IllegalArgumentException("sha256 has 64 hexadecimal digits");
        }
        if (topic == null || topic.isEmpty() || topic.length() > LONGEST_TOPIC || partition < 0 || offset < 0) {
            throw new IllegalArgumentException("topic, partition and offset say where the photo was published");
        }
        vectors = vectors == null ? List.of() : List.copyOf(vectors);
    }
}
