package io.facestream.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The passwords of a server's users, in the format that psql reads as {@code PGPASSFILE}: {@code
 * host:port:database:user:password}. Only its owner may read the file; passwords never appear on a command line or in a
 * log.
 */
record PasswordFile(Path path) {
    /** 192 bits, as 32 characters that need no quoting anywhere. */
    private static final int PASSWORD_BYTES = 24;

    private static final String ANY_DATABASE = "127.0.0.1:*:*:";

    /** Writes a file with a fresh password for each user. */
    static PasswordFile create(Path path, List<String> users) throws IOException {
        var random = new SecureRandom();
        var lines = new ArrayList<String>();
        for (String user : users) {
            var password = new byte[PASSWORD_BYTES];
            random.nextBytes(password);
            lines.add(ANY_DATABASE
                    + user
                    + ":"
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(password));
        }
        PrivateFile.write(path, lines);
        return new PasswordFile(path);
    }

    /**
     * Makes sure that only its owner may read it: psql ignores a file that others may read, and a copy may have lost
     * its mode.
     */
    void makePrivate() throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    }

    /**
     * The password of a user.
     *
     * @throws EmbeddedException if the file can't be read or doesn't have the user
     */
    String password(String user) {
        String prefix = ANY_DATABASE + user + ":";
        try {
            return Files.readAllLines(path).stream()
                    .filter(line -> line.startsWith(prefix))
                    .map(line -> line.substring(prefix.length()))
                    .findFirst()
                    .orElseThrow(() -> new EmbeddedException(path + " has no password of user " + user));
        } catch (IOException e) {
            throw new EmbeddedException("the passwords in " + path + " can't be read: " + e, e);
        }
    }
}
