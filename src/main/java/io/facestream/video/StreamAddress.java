package io.facestream.video;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a stream as a person types it: {@code rtsp://user:password@host:554/path}. A password may contain any
 * character, as long as its end is unambiguous. It is never shown.
 */
public final class StreamAddress {
    private static final Pattern ADDRESS = Pattern.compile("(?i)(rtsps?|https?)://(.*)", Pattern.DOTALL);

    /** A host name or address, an optional port, then the start of a path or query, or the end. */
    private static final Pattern HOST = Pattern.compile(
            "(\\[[0-9a-fA-F:.]+(%[\\w.-]+)?]|[\\p{L}\\p{N}._-]+)(:(\\d{1,5}))?([/?].*)?", Pattern.DOTALL);

    private static final int MAX_PORT = 65_535;

    private final String location;
    private final String name;

    private StreamAddress(String location, String name) {
        this.location = location;
        this.name = name;
    }

    /**
     * @throws IllegalArgumentException if it is not an address, or the end of the password is ambiguous; the message
     *     omits the password
     */
    public static StreamAddress of(String text) {
        Matcher address = ADDRESS.matcher(text);
        if (!address.matches() || text.chars().anyMatch(c -> Character.isISOControl(c) || c == ' ')) {
            throw new IllegalArgumentException(withoutCredentials(text)
                    + " is not an address: rtsp://, rtsps://, http:// or https://, a host, a path");
        }
        String scheme = address.group(1).toLowerCase(Locale.ROOT);
        String rest = address.group(2);
        // By the standard the user's part ends before the first of these, but real passwords contain them.
        int authorityEnd = firstOf(rest, "/?");
        int byTheBook = rest.lastIndexOf('@', authorityEnd);
        int widest = rest.lastIndexOf('@');
        boolean bookHolds = isHost(rest.substring(byTheBook + 1));
        boolean widestHolds = widest > byTheBook
                && rest.substring(0, widest).contains(":")
                && rest.indexOf(':') < firstOf(rest, "/?@")
                && isHost(rest.substring(widest + 1));
        if (bookHolds && widestHolds) {
            throw new IllegalArgumentException(withoutCredentials(text)
                    + ": it is not clear where the password ends; write / ? # @ in it as %2F %3F %23 %40");
        }
        if (!bookHolds && !widestHolds) {
            throw new IllegalArgumentException(
                    withoutCredentials(text) + " is not an address: it names no host with a port of 1 to 65535");
        }
        int end = bookHolds ? byTheBook : widest;
        String user = end < 0 ? "" : encodeUser(rest.substring(0, end)) + "@";
        return new StreamAddress(scheme + "://" + user + rest.substring(end + 1), withoutCredentials(text));
    }

    private static int firstOf(String text, String characters) {
        for (int i = 0; i < text.length(); i++) {
            if (characters.indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return text.length();
    }

    private static boolean isHost(String text) {
        Matcher host = HOST.matcher(text);
        return host.matches()
                && (host.group(4) == null
                        || Integer.parseInt(host.group(4)) >= 1 && Integer.parseInt(host.group(4)) <= MAX_PORT);
    }

    /** Escapes special characters and keeps existing escapes. The first colon ends the user's name. */
    private static String encodeUser(String user) {
        StringBuilder encoded = new StringBuilder();
        boolean password = false;
        for (int i = 0; i < user.length(); ) {
            int c = user.codePointAt(i);
            boolean escape = c == '%' && user.substring(i).matches("(?s)%[0-9a-fA-F]{2}.*");
            if (c < 0x80 && Character.isLetterOrDigit(c) || "-._~!$&'()*+,;=".indexOf(c) >= 0 || escape) {
                encoded.appendCodePoint(c);
            } else if (c == ':' && !password) {
                encoded.append(':');
                password = true;
            } else {
                for (byte b : Character.toString(c).getBytes(UTF_8)) {
                    encoded.append(String.format("%%%02X", b));
                }
            }
            i += Character.charCount(c);
        }
        return encoded.toString();
    }

    /** Removes user and password from an address, whether before the host, in the query, or in the path. */
    public static String withoutCredentials(String text) {
        return text.replaceFirst("(?s)://.*@", "://")
                .replaceFirst("(?s)[?#].*", "")
                .replaceFirst("(?i)(?<!/)/[^/]*(user|pass)[^/]*=.*", "");
    }

    /** Removes users and passwords from the addresses in a line. */
    static String withoutUser(String line) {
        return line.replaceAll("://[^ ]*@", "://");
    }

    boolean isRtsp() {
        return location.startsWith("rtsp");
    }

    /** In FFmpeg's form; contains the password. */
    String location() {
        return location;
    }

    /** Without the password. */
    @Override
    public String toString() {
        return name;
    }
}
