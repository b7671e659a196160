package io.facestream.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** The result of a program: its exit code, and its standard output and standard error together. */
record Command(int exitCode, List<String> output) {
    Command {
        output = List.copyOf(output);
    }

    boolean succeeded() {
        return exitCode == 0;
    }

    /** Its last line of output, where a program usually says why it failed. */
    String lastLine() {
        return output.stream()
                .filter(line -> !line.isBlank())
                .reduce((earlier, later) -> later)
                .orElse("exit code " + exitCode + " and printed nothing");
    }

    /** Runs a program to its end, without standard input. */
    static Command run(Path directory, List<String> command) throws IOException {
        return run(directory, command, line -> {});
    }

    /** Runs a program to its end, without standard input; {@code lines} gets each line of output as it is printed. */
    static Command run(Path directory, List<String> command, Consumer<String> lines) throws IOException {
        return run(directory, command, "", lines);
    }

    /** The same with a text as its standard input: for secrets, which must not appear on a command line. */
    static Command run(Path directory, List<String> command, String input, Consumer<String> lines) throws IOException {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        try (Writer writer = process.outputWriter(StandardCharsets.UTF_8)) {
            writer.write(input);
        }
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            List<String> output = reader.lines().peek(lines).toList();
            return new Command(process.waitFor(), output);
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while " + command.get(0) + " ran");
        }
    }
}
