package io.facestream.embedded;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The owner of a home's files. A home that was restored, or moved from another machine, may belong to another user.
 * PostgreSQL uses only its own user's files, and reports others merely as "permission denied".
 */
final class HomeOwner {
    private HomeOwner() {}

    /**
     * Checks that this user owns everything in a home. Does nothing as root, where {@link #restore} can mend it.
     *
     * @throws EmbeddedException if a file belongs to another user; the message has the command that an administrator
     *     runs
     */
    static void requireOwn(EmbeddedHome home) throws IOException {
        if (ServerUser.current() != ServerUser.SAME || !Files.exists(home.folder())) {
            return;
        }
        String name = System.getProperty("user.name");
        Optional<UserPrincipal> own = principal(name);
        if (own.isEmpty()) {
            return; // a container's user may have no name
        }
        Optional<Path> foreign = foreign(home.folder(), own.get());
        if (foreign.isPresent()) {
            throw new EmbeddedException("%s belongs to %s, and you are %s: run 'sudo chown -R %s %s', or set"
                            .formatted(foreign.get(), owner(foreign.get()), name, name, ShellText.quoted(home.folder()))
                    + " FACESTREAM_HOME to a folder of your own");
        }
    }

    /**
     * As root: gives the cluster's files back to PostgreSQL's user if another user owns them. Call it only while
     * holding the lock.
     */
    static void restore(Path data, Consumer<String> progress) throws IOException {
        if (!Files.exists(data)) {
            return;
        }
        if (ServerUser.current() == ServerUser.POSTGRES) {
            UserPrincipal postgres = principal("postgres").orElseThrow(() -> ServerUser.noPostgres(null));
            if (foreign(data, postgres).isPresent()) {
                progress.accept("Giving " + data + " to user postgres, as whom PostgreSQL runs under root");
                Command chown = Command.run(
                        Path.of("/"),
                        List.of("chown", "--recursive", "--no-dereference", "postgres:", data.toString()));
                if (!chown.succeeded()) {
                    throw new EmbeddedException(data + " can't be given to user postgres: " + chown.lastLine());
                }
            }
        }
        // a copy made without its permissions may be open to others, which PostgreSQL refuses
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
    }

    /** The first file or folder, outermost first, that belongs to another user. */
    private static Optional<Path> foreign(Path folder, UserPrincipal owner) throws IOException {
        var found = new Path[1];
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) throws IOException {
                return look(path);
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) throws IOException {
                return look(path);
            }

            @Override
            public FileVisitResult visitFileFailed(Path path, IOException failure) throws IOException {
                return Files.exists(path, LinkOption.NOFOLLOW_LINKS) ? look(path) : FileVisitResult.CONTINUE;
            }

            private FileVisitResult look(Path path) throws IOException {
                if (Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).equals(owner)) {
                    return FileVisitResult.CONTINUE;
                }
                found[0] = path;
                return FileVisitResult.TERMINATE;
            }
        });
        return Optional.ofNullable(found[0]);
    }

    private static String owner(Path path) throws IOException {
        return Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName();
    }

    private static Optional<UserPrincipal> principal(String name) throws IOException {
        try {
            return Optional.of(
                    FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(name));
        } catch (UserPrincipalNotFoundException e) {
            return Optional.empty();
        }
    }
}
