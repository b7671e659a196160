package io.facestream.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder for the data of one run, deleted at its end. */
record ScratchFolder(Path path) implements AutoCloseable {
    /** Under root, PostgreSQL runs as another user, who must be able to reach the data. */
    private static final Path PARENT = Path.of("/var/tmp");

    static ScratchFolder make() throws IOException {
        return new ScratchFolder(Files.createTempDirectory(
                PARENT,
                "facestream-bench-",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x"))));
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        }
    }
}
