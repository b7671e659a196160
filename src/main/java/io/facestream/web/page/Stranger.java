package io.facestream.web.page;

import io.facestream.web.Texts;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Somebody without a name who is kept for a while.
 *
 * @param faces ids of the chips, the latest first
 * @param lastCamera where they were seen last; null if their visits are gone
 * @param lastSeen the end of that visit; null if their visits are gone
 */
public record Stranger(
        UUID id, List<UUID> faces, int visits, String lastCamera, Instant lastSeen, Instant until, boolean ignored) {
    public Stranger {
        faces = List.copyOf(faces);
    }

    /**
     * Strangers of a page, who was seen last first.
     *
     * @param camera where all of them were seen last; empty for all
     * @param next the number of strangers before the next page; 0 if this is the last one
     */
    public record Listing(List<Stranger> strangers, String camera, int next) {
        public Listing {
            strangers = List.copyOf(strangers);
        }

        /** Where the next page is. */
        public String nextUrl() {
            return "/strangers?camera=" + Texts.encoded(camera) + "&from=" + next;
        }
    }

    /** The visits of this stranger. */
    public String visitsUrl() {
        return "/?person=" + id;
    }
}
