package io.facestream.cameras;

/** Texts from outside, as messages show them. */
final class ShownText {
    private static final int MOST = 100;

    private ShownText() {}

    /** At most 100 characters, without control characters. */
    static String of(String text) {
        return (text.length() > MOST ? text.substring(0, MOST) + "..." : text).replaceAll("\\p{Cntrl}", "?");
    }
}
