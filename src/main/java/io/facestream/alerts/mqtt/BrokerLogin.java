package io.facestream.alerts.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A user and a password, from a file with the lines {@code user=} and {@code password=}. Everything after the first
 * equals sign counts, spaces included.
 */
record BrokerLogin(String user, String password) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");
    private static final Set<String> KEYS = Set.of("user", "password");
    /** Editors of Windows write it in front, where nobody sees it. */
    private static final String BYTE_ORDER_MARK = "^\ufeff";

    private static final int MOST_BYTES = 4_096;

    /** @throws IllegalArgumentException if it is not the plain name of a file */
    static void checkName(String name, Optional<Path> folder) {
        if (!NAME.matcher(name).matches()) {
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
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new IOException("secret " + name + " is not a readable file in facestream.alerts.secrets");
        }
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException("secret " + name + " has more than " + MOST_BYTES + " bytes");
        }
        Map<String, String> values = new HashMap<>();
        for (String line : text(file, name).lines().toList()) {
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

    private static String text(Path file, String name) throws IOException {
        try {
            return Files.readString(file, UTF_8).replaceFirst(BYTE_ORDER_MARK, "");
        } catch (CharacterCodingException e) {
            throw new IOException("secret " + name + " is not text in UTF-8", e);
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "the login of " + user;
    }
}
