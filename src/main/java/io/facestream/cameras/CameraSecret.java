package io.facestream.cameras;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.secrets.MountedSecret;
import io.facestream.video.StreamAddress;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The login of a camera, from a file with the lines {@code host=}, {@code user=} and {@code password=}. It is used for
 * that host and no other, so that whoever may write the topic cannot have it sent elsewhere.
 *
 * @param host a name or an address, with a port if it is for one port only
 */
record CameraSecret(String host, String user, String password) {
    private static final Pattern ADDRESS = Pattern.compile("(?is)([a-z]+)://([^/?#]+)(.*)");
    private static final List<String> KEYS = List.of("host", "user", "password");

    /** @throws IllegalArgumentException if it is not the plain name of a file */
    static void checkName(String name) {
        if (!MountedSecret.isName(name)) {
            throw new IllegalArgumentException("secret is the plain name of a file below facestream.cameras.secrets,"
                    + " of the characters A-Z a-z 0-9 . _ -, not \"" + ShownText.of(name) + "\"");
        }
    }

    /**
     * Reads a secret; no message contains anything of it.
     *
     * @throws IOException if it cannot be read, or is not of that form
     */
    static CameraSecret read(Optional<Path> folder, String name) throws IOException {
        checkName(name);
        if (folder.isEmpty()) {
            throw new IOException("secret " + name + " needs facestream.cameras.secrets, which is not set");
        }
        Map<String, String> values = new MountedSecret("facestream.cameras.secrets", folder.get(), name).values(KEYS);
        if (values.get("host").isBlank()) {
            throw new IOException("secret " + name + " names no host");
        }
        return new CameraSecret(
                values.get("host").strip().toLowerCase(Locale.ROOT), values.get("user"), values.get("password"));
    }

    /**
     * The address with the login in it: in its placeholders, else before the host.
     *
     * @throws IllegalArgumentException if this secret is for another host
     */
    StreamAddress applyTo(String url) {
        Matcher parts = ADDRESS.matcher(url);
        if (!parts.matches()) {
            throw new IllegalArgumentException(StreamAddress.withoutCredentials(url) + " names no host");
        }
        String authority = parts.group(2).toLowerCase(Locale.ROOT);
        if (!authority.equals(host) && !authority.replaceFirst(":\\d+$", "").equals(host)) {
            throw new IllegalArgumentException(
                    "the secret is for another host than " + StreamAddress.withoutCredentials(url));
        }
        String rest = parts.group(3);
        boolean placed = rest.contains("{user}") || rest.contains("{password}");
        String login = placed ? "" : encoded(user) + ":" + encoded(password) + "@";
        return StreamAddress.of(parts.group(1) + "://" + login + parts.group(2)
                + rest.replace("{user}", encoded(user)).replace("{password}", encoded(password)));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "a secret for " + host;
    }
}
