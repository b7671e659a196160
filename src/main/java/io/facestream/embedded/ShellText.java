package io.facestream.embedded;

import java.nio.file.Path;

/** Paths quoted for a shell. */
final class ShellText {
    private ShellText() {}

    static String quoted(Path path) {
        return "'" + path.toString().replace("'", "'\\''") + "'";
    }
}
