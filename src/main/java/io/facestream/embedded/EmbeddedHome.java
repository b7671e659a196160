package io.facestream.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * The folder of the embedded default, where broker and database keep their data between runs. Each clone has its own:
 *
 * <ul>
 *   <li>the environment variable {@code FACESTREAM_HOME}, if set;
 *   <li>as root {@code /var/lib/facestream/HASH}, which user {@code postgres} can reach;
 *   <li>else {@code ${XDG_DATA_HOME:-~/.local/share}/facestream/HASH}.
 * </ul>
 *
 * <p>HASH is the start of the SHA-256 of the clone's path, which the launcher passes in the system property
 * {@code facestream.clone}. Without it, the current folder's path is hashed.
 *
 * @param folder absolute
 */
public record EmbeddedHome(Path folder) {
    /** 48 bits: enough to keep the clones of one machine apart, and short enough to read aloud. */
    private static final int HASH_CHARACTERS = 12;

    public EmbeddedHome {
        folder = folder.toAbsolutePath().normalize();
    }

    /** The home of this process's clone. */
    public static EmbeddedHome locate() {
        return locate(
                System.getenv(),
                Path.of(System.getProperty("facestream.clone", System.getProperty("user.dir"))),
                ServerUser.current(),
                Path.of(System.getProperty("user.home")));
    }

    static EmbeddedHome locate(Map<String, String> environment, Path clone, ServerUser user, Path userHome) {
        String given = environment.getOrDefault("FACESTREAM_HOME", "");
        if (!given.isEmpty()) {
            return new EmbeddedHome(Path.of(given));
        }
        String hash = hash(clone.toAbsolutePath().normalize());
        if (user == ServerUser.POSTGRES) {
            return new EmbeddedHome(Path.of("/var/lib/facestream", hash));
        }
        String data = environment.getOrDefault("XDG_DATA_HOME", "");
        Path parent = data.isEmpty() ? userHome.resolve(".local/share") : Path.of(data);
        return new EmbeddedHome(parent.resolve("facestream").resolve(hash));
    }

    /**
     * The broker and database that run from this home now, in this or another process. Empty if none run, even if a
     * killed process left its file behind.
     */
    public Optional<Endpoints> endpoints() {
        return HomeLock.isHeld(lockFile()) ? Endpoints.read(endpointsFile()) : Optional.empty();
    }

    Path endpointsFile() {
        return folder.resolve("endpoints.properties");
    }

    Path lockFile() {
        return folder.resolve("lock");
    }

    Path portsFile() {
        return folder.resolve("ports");
    }

    Path kafka() {
        return folder.resolve("kafka");
    }

    Path postgres() {
        return folder.resolve("postgres");
    }

    /**
     * Creates the folders. Other users may pass through the home but cannot list it; under root the database's user has
     * to pass through.
     */
    void create() {
        try {
            Files.createDirectories(folder.getParent());
            makeFolder(folder, "rwx--x--x");
            makeFolder(kafka(), "rwx------");
            makeFolder(postgres(), "rwx--x--x");
        } catch (IOException e) {
            throw new EmbeddedException(
                    "the embedded default's folder " + folder + " can't be written (" + e
                            + "): set FACESTREAM_HOME to one that can",
                    e);
        }
    }

    static void makeFolder(Path folder, String permissions) throws IOException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
    }

    private static String hash(Path clone) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(clone.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_CHARACTERS);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
