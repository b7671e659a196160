package io.facestream.configuration;

import io.smallrye.config.SecretKeysHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads a setting's value from a file, so that neither the environment nor a command line shows it:
 * <code>${file::/run/secrets/database_password}</code>. Works for any setting, in any source. Line ends at the end of
 * the file are removed, and the byte order mark that editors of Windows write in front.
 */
public final class SecretFile implements SecretKeysHandler {
    @Override
    public String getName() {
        return "file";
    }

    /** @throws IllegalArgumentException naming the file, if it cannot be read or holds nothing */
    @Override
    public String decode(String file) {
        String secret;
        try {
            secret = Files.readString(Path.of(file)).replaceFirst("^\ufeff", "").replaceFirst("[\\r\\n]+$", "");
        } catch (IOException e) {
            throw new IllegalArgumentException("the secret's file " + file + " cannot be read", e);
        }
        if (secret.isEmpty()) {
            throw new IllegalArgumentException("the secret's file " + file + " is empty");
        }
        return secret;
    }
}
