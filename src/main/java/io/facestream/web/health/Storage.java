package io.facestream.web.health;

import java.time.LocalDate;
import java.util.List;

/**
 * What the database holds on its disk.
 *
 * @param bytes of the whole database
 * @param parts the largest first
 * @param visitsSince the earliest day of which visits are kept; null if there is none
 */
public record Storage(long bytes, List<Part> parts, LocalDate visitsSince) {
    public Storage {
        parts = List.copyOf(parts);
    }

    /** @param kind {@code visits}, {@code shots}, {@code photos}, {@code strangers}, {@code models} or {@code other} */
    public record Part(String kind, long bytes) {}
}
