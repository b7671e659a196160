package io.facestream.configuration;

import io.smallrye.config.SecretKeysHandler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Settings whose value lies in a file, so that no environment and no command line shows it: <code>${file::/run/secrets/database_password}
 * </code>, of any setting, in any source. Line ends at the file's end are none of the secret's.
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
            secret = Files.readString(Path.of(file)).replaceFirst("[\\r\\n]+$", "");
        } catch (IOException e) {
            throw new IllegalArgumentException("the secret's file " + file + " cannot be read", e);
        }
        if (secret.isEmpty()) {
            throw new IllegalArgumentException("the secret's file " + file + " is empty");
        }
        return secret;
    }
}
