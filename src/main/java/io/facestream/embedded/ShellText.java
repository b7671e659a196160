package io.facestream.embedded;

import java.nio.file.Path;

/** Paths as a shell reads them. */
final class ShellText {
    private ShellText() {}

    static String quoted(Path path) {
        return "'" + path.toString().replace("'", "'\\''") + "'";
    }
}
