package io.facestream.cli.terminal;

/** Text from elsewhere on a terminal, which obeys control characters: they could hide lines or write others. */
final class Shown {
    private static final int REPLACEMENT = 0xfffd;

    private Shown() {}

    /** The line with a replacement character for each control character, line ends among them. */
    static String of(String line) {
        return line.codePoints()
                .map(c -> Character.isISOControl(c) ? REPLACEMENT : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
