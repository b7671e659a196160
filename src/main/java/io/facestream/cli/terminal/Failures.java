package io.facestream.cli.terminal;

import io.facestream.database.Refusal;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/** Describes failures to a person. */
public final class Failures {
    private Failures() {}

    /**
     * One line: the setting to check, if the broker or database refused; else the messages of the failure and its
     * causes, outermost first, each once.
     */
    public static String oneLine(Throwable failure) {
        return Refusal.explain(failure).orElseGet(() -> causes(failure));
    }

    private static String causes(Throwable failure) {
        List<String> said = new ArrayList<>();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = message(cause);
            if (!message.isEmpty() && said.stream().noneMatch(before -> before.contains(message))) {
                said.add(message);
            }
        }
        return said.isEmpty() ? failure.getClass().getSimpleName() : String.join(": ", said);
    }

    /** A cause's own message; empty if it has none of its own. Details after a complete first line are left out. */
    private static String message(Throwable cause) {
        if (cause instanceof FileSystemException file && file.getReason() == null) {
            return file.getFile() + ": " + reason(file);
        }
        String message = cause.getMessage();
        if (message == null
                || (cause.getCause() != null && message.equals(cause.getCause().toString()))) {
            return "";
        }
        List<String> lines = message.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        if (lines.isEmpty()) {
            return "";
        }
        return lines.get(0).endsWith(":") ? String.join(" ", lines) : lines.get(0);
    }

    /** The file system's exceptions name the fault only by their class. */
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
