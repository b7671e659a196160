package io.facestream.gallery.archive;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Map;

/**
 * What an archive says about itself: {@code archive.json}.
 *
 * @param format {@value #FORMAT}
 * @param createdAt when it was written
 * @param versions whose vectors it has, with the SHA-256 of their weights, in hex; empty without vectors
 */
record ArchiveHeader(@JsonProperty(required = true) int format, Instant createdAt, Map<String, String> versions) {
    static final int FORMAT = 1;

    ArchiveHeader {
        if (format != FORMAT) {
            throw new IllegalArgumentException("format is " + FORMAT + " in this version, not " + format);
        }
        versions = versions == null ? Map.of() : Map.copyOf(versions);
    }
}
