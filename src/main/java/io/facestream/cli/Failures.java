package io.facestream.cli;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What went wrong, for a person. */
final class Failures {
    private Failures() {}

    /** The failure's message and, where it says more, that of its innermost cause; one line. */
    static String oneLine(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        String outer = message(failure);
        String inner = message(innermost);
        String line = outer.contains(inner) ? outer : outer + ": " + inner;
        return line.lines().map(String::strip).reduce((a, b) -> a + " " + b).orElse("failed");
    }

    private static String message(Throwable failure) {
        if (failure instanceof FileSystemException file && file.getReason() == null) {
            return file.getFile() + ": " + reason(file);
        }
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    /** The file system's exceptions say what is wrong by their class alone. */
    private static String reason(FileSystemException failure) {
        if (failure instanceof NoSuchFileException) {
            return "no such file";
        }
        if (failure instanceof AccessDeniedException) {
            return "access denied";
        }
        return failure.getClass().getSimpleName();
    }
}
