package io.facestream.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** How much disk space is left for a home. */
final class FreeSpace {
    /** A new, empty home takes 43 MB, most of it PostgreSQL's; the rest is room for the first frames and photos. */
    private static final long FOR_A_NEW_HOME = 256L << 20;

    /**
     * Four segments of PostgreSQL's write-ahead log, of 16 MiB each: with less, the broker or the database soon stops.
     */
    private static final long FOR_A_START = 64L << 20;

    private FreeSpace() {}

    /**
     * Checks that there is enough space to start.
     *
     * @throws EmbeddedException if there is not
     */
    static void require(EmbeddedHome home) {
        boolean isNew = !Files.exists(home.postgres().resolve("data"));
        long needed = isNew ? FOR_A_NEW_HOME : FOR_A_START;
        long free = of(home.folder());
        if (free < needed) {
            throw new EmbeddedException(home.folder() + " has " + text(free)
                    + " bytes free, and the embedded default needs " + text(needed)
                    + " to start: make room, or set FACESTREAM_HOME to another disk's folder");
        }
    }

    /** What to add to the message of a failure that may come from a lack of space. */
    static Optional<String> shortage(Path folder) {
        long free = of(folder);
        return free < FOR_A_START
                ? Optional.of(folder + " has only " + text(free) + " bytes free: make room there")
                : Optional.empty();
    }

    private static String text(long bytes) {
        return String.format(Locale.ROOT, "%,d", bytes);
    }

    private static long of(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            throw new EmbeddedException("the free space of " + folder + " can't be read: " + e.getMessage(), e);
        }
    }
}
