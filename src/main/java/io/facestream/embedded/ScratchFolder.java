package io.facestream.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A folder for the data of one run, deleted at its end. */
public record ScratchFolder(Path path) implements AutoCloseable {
    /** Under root, PostgreSQL runs as another user, who must be able to reach the data. */
    private static final Path PARENT = Path.of("/var/tmp");

    /** Makes one that user {@code postgres} can reach. */
    public static ScratchFolder make() throws IOException {
        return new ScratchFolder(Files.createTempDirectory(
                PARENT,
                "facestream-scratch-",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x"))));
    }

    @Override
    public void close() throws IOException {
        FileTree.delete(path);
    }
}
