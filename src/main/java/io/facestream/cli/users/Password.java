package io.facestream.cli.users;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.secrets.PasswordKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.security.SecureRandom;
import java.text.Normalizer;
import picocli.CommandLine.Option;

/** Where the password of a user comes from. */
final class Password {
    private static final int SHORTEST = 12;

    /** Without those that look alike. */
    private static final String LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";

    /** 99 bits, in groups of five. */
    private static final int GROUPS = 4;

    private static final int GROUP = 5;

    @Option(
            names = "--stdin",
            description = "Reads the password from the first line of standard input. Without this option one is made"
                    + " and printed, this once.")
    private boolean stdin;

    /** Whether it was made here, and has to be told. */
    boolean isGenerated() {
        return !stdin;
    }

    /** @throws IllegalArgumentException if it is too short or too long */
    String get() throws IOException {
        if (!stdin) {
            return generate();
        }
        String line = new BufferedReader(new InputStreamReader(System.in, UTF_8)).readLine();
        String password = line == null ? "" : Normalizer.normalize(line, Normalizer.Form.NFC);
        if (password.length() < SHORTEST || password.length() > PasswordKey.LONGEST) {
            throw new IllegalArgumentException("a password has " + SHORTEST + " to " + PasswordKey.LONGEST
                    + " characters, not " + password.length());
        }
        return password;
    }

    static String generate() {
        SecureRandom random = new SecureRandom();
        StringBuilder password = new StringBuilder();
        for (int i = 0; i < GROUPS * GROUP; i++) {
            if (i > 0 && i % GROUP == 0) {
                password.append('-');
            }
            password.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return password.toString();
    }
}
