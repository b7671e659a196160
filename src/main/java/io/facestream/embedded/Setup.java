package io.facestream.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/** Installs what the machine lacks for the embedded default: PostgreSQL's server programs and pgvector. */
public final class Setup {
    private static final String SCRIPT = "/embedded/install-postgresql.sh";

    private Setup() {}

    /** Whether there is nothing to install. */
    public static boolean isComplete() {
        return PostgresBinaries.find().isPresent();
    }

    /**
     * Installs only what is missing: a second run changes nothing and takes milliseconds. It needs root, or sudo
     * without a password. Without either, {@code progress} gets the commands for an administrator to run.
     *
     * @param progress gets a line for each thing that is installed
     * @throws EmbeddedException if it could not be installed
     */
    public static void run(Consumer<String> progress) {
        try {
            Path script = Files.createTempFile("facestream-setup", ".sh");
            try (InputStream source = Setup.class.getResourceAsStream(SCRIPT)) {
                Files.write(script, Objects.requireNonNull(source, SCRIPT).readAllBytes());
                Command setup = Command.run(script.getParent(), List.of("bash", script.toString()), progress);
                if (!setup.succeeded()) {
                    throw new EmbeddedException("PostgreSQL with pgvector could not be installed: " + setup.lastLine());
                }
            } finally {
                Files.delete(script);
            }
        } catch (IOException e) {
            throw new EmbeddedException("PostgreSQL with pgvector could not be installed: " + e, e);
        }
    }
}
