package io.facestream.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A file of a mounted folder of secrets, which is read at each use: a new secret needs no restart. No message contains
 * anything of it.
 *
 * @param setting the setting that names the folder
 * @param name the file's plain name
 */
public record MountedSecret(String setting, Path folder, String name) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}");
    private static final int MOST_BYTES = 4_096;

    /** Editors of Windows write it in front, where nobody sees it. */
    private static final String BYTE_ORDER_MARK = "^\ufeff";

    /** Whether it is the plain name of a file, which leads to no other folder. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /**
     * Its text, without a byte order mark.
     *
     * @throws IOException if it cannot be read, has more than 4,096 bytes, or is not text in UTF-8
     */
    public String text() throws IOException {
        Path file = folder.resolve(name);
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw problem("is not a readable file in " + setting);
        }
        if (Files.size(file) > MOST_BYTES) {
            throw problem("has more than " + MOST_BYTES + " bytes");
        }
        try {
            return Files.readString(file, UTF_8).replaceFirst(BYTE_ORDER_MARK, "");
        } catch (CharacterCodingException e) {
            throw problem("is not text in UTF-8");
        }
    }

    /**
     * The values of its lines {@code key=value}, by key. Everything after the first equals sign counts, spaces
     * included.
     *
     * @param keys all that it has to have, and no other
     * @throws IOException if it cannot be read, or is not of that form
     */
    public Map<String, String> values(List<String> keys) throws IOException {
        Map<String, String> values = new HashMap<>();
        for (String line : text().lines().toList()) {
            if (line.isBlank()) {
                continue;
            }
            int equals = line.indexOf('=');
            String key = equals < 0 ? "" : line.substring(0, equals).strip();
            if (!keys.contains(key)) {
                throw problem("has a line that is none of " + forms(keys));
            }
            if (values.put(key, line.substring(equals + 1)) != null) {
                throw problem("has two lines " + key + "=");
            }
        }
        if (!values.keySet().containsAll(keys)) {
            throw problem("needs the lines " + forms(keys));
        }
        return values;
    }

    private static String forms(List<String> keys) {
        return String.join("=, ", keys) + "=";
    }

    private IOException problem(String what) {
        return new IOException("secret " + name + " " + what);
    }
}
