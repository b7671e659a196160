package io.facestream.embedded;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.List;
import java.util.stream.Stream;

/**
 * The user that PostgreSQL's programs run as: this JVM's user, or {@code postgres} if that is root, since PostgreSQL
 * refuses to run as root.
 */
enum ServerUser {
    SAME {
        @Override
        List<String> prefix() {
            return List.of();
        }

        @Override
        void own(Path path) {}

        @Override
        void requireReach(Path folder) {}
    },

    POSTGRES {
        /**
         * setpriv rather than su or runuser: it is replaced by the program, without a session, a log-in record or a
         * shell.
         */
        @Override
        List<String> prefix() {
            return List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--");
        }

        @Override
        void own(Path path) throws IOException {
            try {
                Files.setOwner(
                        path,
                        FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName("postgres"));
            } catch (UserPrincipalNotFoundException e) {
                throw noPostgres(e);
            }
        }

        @Override
        void requireReach(Path folder) throws IOException {
            if (run(Path.of("/"), "test", "-x", folder.toString()).succeeded()) {
                return;
            }
            Path barrier = Stream.iterate(folder, path -> path != null, Path::getParent)
                    .reduce(folder, (inner, outer) -> reaches(outer) ? inner : outer);
            throw new EmbeddedException(
                    "user postgres, as whom PostgreSQL runs under root, can't reach " + folder + ": "
                            + barrier + " is " + PosixFilePermissions.toString(Files.getPosixFilePermissions(barrier))
                            + "; set FACESTREAM_HOME to a folder elsewhere, or 'chmod o+x " + barrier + "'");
        }

        private boolean reaches(Path path) {
            try {
                return run(Path.of("/"), "test", "-x", path.toString()).succeeded();
            } catch (IOException e) {
                return false;
            }
        }
    };

    static ServerUser current() {
        return System.getProperty("user.name").equals("root") ? POSTGRES : SAME;
    }

    static EmbeddedException noPostgres(Throwable cause) {
        return new EmbeddedException(
                "there is no user postgres, and PostgreSQL refuses to run as root: add one with"
                        + " 'useradd --system postgres'",
                cause);
    }

    /** What goes before a command line to run it as this user. */
    abstract List<String> prefix();

    /** Gives a file or folder of this JVM's user to the server's user. */
    abstract void own(Path path) throws IOException;

    /**
     * Checks that this user may enter the folder.
     *
     * @throws EmbeddedException if it may not; the message names the folder above it that is in the way
     */
    abstract void requireReach(Path folder) throws IOException;

    /** Runs a program as this user to its end. */
    Command run(Path directory, String... command) throws IOException {
        return Command.run(
                directory, Stream.concat(prefix().stream(), Stream.of(command)).toList());
    }
}
