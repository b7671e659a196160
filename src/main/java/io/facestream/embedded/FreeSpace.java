package io.facestream.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** How much of the disk is left to a home. */
final class FreeSpace {
    /** A new home has 43 MB before it holds anything, most of them PostgreSQL's; with room for the first frames and photos. */
    private static final long FOR_A_NEW_HOME = 256L << 20;

    /** Four segments of PostgreSQL's write-ahead log, of 16 MiB each: with less, broker or database ends soon. */
    private static final long FOR_A_START = 64L << 20;

    private FreeSpace() {}

    /**
     * Checks that there is enough to start on.
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

    /** What a message of a failure adds where it may be for want of space. */
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
            throw new EmbeddedException("the free space of " + folder + " can't be asked for: " + e.getMessage(), e);
        }
    }
}
