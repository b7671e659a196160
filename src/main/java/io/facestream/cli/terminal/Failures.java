package io.facestream.cli.terminal;

import io.facestream.database.Refusal;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;

/** What went wrong, for a person. */
public final class Failures {
    private Failures() {}

    /**
     * Which setting to look at, where broker or database refused; else what the failure and its causes say, from the outermost
     * in, each thing once. One line.
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

    /** A cause's own message, empty where it has none but its cause's; details that follow a full first line left out. */
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
