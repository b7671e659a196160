package io.facestream.cli;

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
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }
}
