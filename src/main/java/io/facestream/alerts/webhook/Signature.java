package io.facestream.alerts.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.secrets.MountedSecret;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs as the specification Standard Webhooks 1.0 has it: {@code v1,} and the Base64 of the HMAC-SHA256 of id,
 * timestamp and body, joined by full stops. One signature for each secret, so that a receiver may know either while
 * they are exchanged. The file is read at each delivery: a new secret needs no restart.
 */
final class Signature {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String PREFIX = "whsec_";
    private static final int MOST_SECRETS = 2;

    /** The specification asks for 24 to 64 bytes. */
    private static final int LEAST_KEY = 24;

    private final MountedSecret secret;

    /**
     * @param folder of secrets
     * @param name of a file in it
     * @throws IllegalArgumentException if it cannot be used; no message contains anything of it
     */
    Signature(Optional<Path> folder, String name) {
        if (!MountedSecret.isName(name)) {
            throw new IllegalArgumentException("secret is the plain name of a file in facestream.alerts.secrets, of the"
                    + " characters A-Z a-z 0-9 . _ -");
        }
        secret = new MountedSecret(
                "facestream.alerts.secrets",
                folder.orElseThrow(() -> new IllegalArgumentException(
                        "secret " + name + " needs facestream.alerts.secrets, the folder it is in, which is not set")),
                name);
        try {
            keys();
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** The signatures, separated by spaces; the first secret's is the first. */
    String of(String id, long timestamp, byte[] body) throws IOException {
        return keys().stream()
                .map(key -> "v1," + Base64.getEncoder().encodeToString(sign(key, id + "." + timestamp + ".", body)))
                .collect(Collectors.joining(" "));
    }

    private static byte[] sign(byte[] key, String before, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            mac.update(before.getBytes(UTF_8));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java platform has " + ALGORITHM, e);
        }
    }

    private List<byte[]> keys() throws IOException {
        List<String> lines = secret.text()
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        if (lines.isEmpty() || lines.size() > MOST_SECRETS) {
            throw new IOException("secret " + secret.name() + " has " + lines.size()
                    + " lines: it holds one secret, or two while they are" + " exchanged, each in a line");
        }
        List<byte[]> keys = lines.stream().map(Signature::key).toList();
        if (keys.stream().anyMatch(key -> key.length < LEAST_KEY)) {
            throw new IOException("secret " + secret.name() + " has a secret that is no Base64 after " + PREFIX
                    + ", or shorter than " + LEAST_KEY + " bytes: openssl rand -base64 32 makes one");
        }
        return keys;
    }

    /** The bytes of the text itself, unless it has the specification's form; nothing if it is wrong. */
    private static byte[] key(String line) {
        if (!line.startsWith(PREFIX)) {
            return line.getBytes(UTF_8);
        }
        try {
            return Base64.getDecoder().decode(line.substring(PREFIX.length()));
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }
}
