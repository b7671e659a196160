package io.facestream.alerts.mqtt;

import io.facestream.alerts.target.SecretFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A user and a password, from a file with the lines {@code user=} and {@code password=}. Everything after the first
 * equals sign counts, spaces included.
 */
record BrokerLogin(String user, String password) {
    private static final Set<String> KEYS = Set.of("user", "password");

    /** @throws IllegalArgumentException if it is not the plain name of a file */
    static void checkName(String name, Optional<Path> folder) {
        if (!SecretFile.isName(name)) {
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
        Map<String, String> values = new HashMap<>();
        for (String line : SecretFile.read(folder.resolve(name)).lines().toList()) {
            int equals = line.indexOf('=');
            if (line.isBlank()) {
                continue;
            }
            if (equals < 0 || !KEYS.contains(line.substring(0, equals).strip())) {
                throw new IOException("secret " + name + " has a line that is not user= or password=");
            }
            if (values.put(line.substring(0, equals).strip(), line.substring(equals + 1)) != null) {
                throw new IOException("secret " + name + " has two lines "
                        + line.substring(0, equals).strip() + "=");
            }
        }
        if (!values.keySet().containsAll(KEYS)) {
            throw new IOException("secret " + name + " needs the lines user= and password=");
        }
        return new BrokerLogin(values.get("user"), values.get("password"));
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "the login of " + user;
    }
}
