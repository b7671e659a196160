package io.facestream;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Programs of Debian's packages, which are unpacked and not installed, since some would start a server. */
public final class DebianPackages {
    private final Path folder;

    private DebianPackages(Path folder) {
        this.folder = folder;
    }

    /**
     * Unpacks packages where this build has not done so yet. Where they cannot be fetched, {@link #has} says so.
     *
     * @param packages the first one gives the folder's name
     */
    public static DebianPackages unpack(String... packages) {
        List<String> command = new ArrayList<>(List.of("bash", "src/test/scripts/unpack-packages.sh"));
        command.addAll(List.of(packages));
        try {
            new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new DebianPackages(Path.of("target/packages", packages[0]).toAbsolutePath());
    }

    /** Whether a program is there, such as {@code usr/bin/promtool}: of this machine, or unpacked. */
    public boolean has(String program) {
        return Files.isExecutable(path(program));
    }

    private Path path(String program) {
        Path installed = Path.of("/", program);
        return Files.isExecutable(installed) ? installed : folder.resolve(program);
    }

    /** A program with its libraries. */
    public ProcessBuilder run(String program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(path(program).toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("LD_LIBRARY_PATH", libraries());
        return builder;
    }

    private String libraries() {
        Path all = folder.resolve("usr/lib");
        if (!Files.isDirectory(all)) {
            return "";
        }
        try (Stream<Path> folders = Files.list(all)) {
            return String.join(
                    ":", folders.filter(Files::isDirectory).map(Path::toString).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
