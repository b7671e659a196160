package io.facestream.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a program of others said, with its errors.
 *
 * @param status its exit status; -1 if it could not be run, or did not end in time
 */
public record OutsideProgram(int status, String output) {
    private static final int PATIENCE_MINUTES = 5;

    /** Runs one, for five minutes at most. */
    public static OutsideProgram run(Path folder, List<String> command) throws InterruptedException, IOException {
        Path output = Files.createTempFile(folder, "run", ".log");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
            process.destroyForcibly();
            return new OutsideProgram(ended ? process.exitValue() : -1, Files.readString(output));
        } catch (IOException e) {
            return new OutsideProgram(-1, e.getMessage());
        } finally {
            Files.delete(output);
        }
    }
}
