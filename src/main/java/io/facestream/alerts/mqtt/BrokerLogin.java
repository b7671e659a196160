package io.facestream.alerts.mqtt;

import io.facestream.secrets.MountedSecret;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A user and a password, from a file with the lines {@code user=} and {@code password=}.
 */
record BrokerLogin(String user, String password) {
    private static final List<String> KEYS = List.of("user", "password");

    /** @throws IllegalArgumentException if it is not the plain name of a file */
    static void checkName(String name, Optional<Path> folder) {
        if (!MountedSecret.isName(name)) {
            throw new IllegalArgumentException("must be the plain name of a file in facestream.alerts.secrets, of the"
                    + " characters A-Z a-z 0-9 . _ -");
        }
        if (folder.isEmpty()) {
            throw new IllegalArgumentException("names a file in facestream.alerts.secrets, which is not set");
        }
    }

    /**
     * Reads a login; no message contains anything of it.
     *
     * @throws IOException if it cannot be read, or is not of that form
     */
    static BrokerLogin read(Path folder, String name) throws IOException {
        Map<String, String> values = new MountedSecret("facestream.alerts.secrets", folder, name).values(KEYS);
        return new BrokerLogin(values.get("user"), values.get("password"));
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "the login of " + user;
    }
}
