package io.facestream.alerts.target;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A file of the folder {@code facestream.alerts.secrets}, which is read at each use: a new secret needs no restart. No
 * message contains anything of it.
 */
public final class SecretFile {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");
    private static final int MOST_BYTES = 4_096;

    /** Editors of Windows write it in front, where nobody sees it. */
    private static final String BYTE_ORDER_MARK = "^\ufeff";

    private SecretFile() {}

    /** Whether it is the plain name of a file, which leads to no other folder. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /**
     * Reads its text, without a byte order mark.
     *
     * @throws IOException if it cannot be read, has more than 4,096 bytes, or is not text in UTF-8
     */
    public static String read(Path file) throws IOException {
        String name = "secret " + file.getFileName();
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new IOException(name + " is not a readable file in facestream.alerts.secrets");
        }
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException(name + " has more than " + MOST_BYTES + " bytes");
        }
        try {
            return Files.readString(file, UTF_8).replaceFirst(BYTE_ORDER_MARK, "");
        } catch (CharacterCodingException e) {
            throw new IOException(name + " is not text in UTF-8", e);
        }
    }
}
