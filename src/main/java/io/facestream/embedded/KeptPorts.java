package io.facestream.embedded;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;

/**
 * The ports of a home's broker and database. They are chosen once and kept in its file {@code ports}, so that clients
 * find both again after a restart. To use other ports, write them into it.
 */
final class KeptPorts {
    private static final int HIGHEST = 65_535;

    private final Path file;
    private final Consumer<String> progress;

    /** @param progress is told when a server moves to another port */
    KeptPorts(Path file, Consumer<String> progress) {
        this.file = file;
        this.progress = progress;
    }

    /** The broker's port: the kept one; if another program has taken that, a new one, which is kept from then on. */
    int kafka() {
        return port("kafka", "Kafka");
    }

    /** The database's port, chosen in the same way. */
    int postgres() {
        return port("postgres", "PostgreSQL");
    }

    private int port(String key, String server) {
        Properties ports = read();
        int kept = kept(ports, key);
        if (kept != 0 && FreePort.isFree(kept)) {
            return kept;
        }
        int chosen = FreePort.lasting();
        if (kept != 0) {
            progress.accept("Port " + kept + " of 127.0.0.1, which " + server + " used, is taken by another program: "
                    + server + " uses port " + chosen + " from now on");
        }
        ports.setProperty(key, Integer.toString(chosen));
        write(ports);
        return chosen;
    }

    /** The kept port; 0 if there is none. */
    private int kept(Properties ports, String key) {
        String text = ports.getProperty(key, "").strip();
        if (text.isEmpty()) {
            return 0;
        }
        try {
            int port = Integer.parseInt(text);
            if (port > 0 && port <= HIGHEST) {
                return port;
            }
        } catch (NumberFormatException e) {
            // reported below, as is any other text that is not a port
        }
        throw new EmbeddedException(
                file + ": " + key + "=" + text + " is not a port, 1 to " + HIGHEST + ": correct or delete the line");
    }

    private Properties read() {
        var ports = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            ports.load(reader);
        } catch (NoSuchFileException e) {
            return ports;
        } catch (IOException | IllegalArgumentException e) {
            throw new EmbeddedException("the ports in " + file + " can't be read: " + e.getMessage(), e);
        }
        return ports;
    }

    private void write(Properties ports) {
        List<String> lines = ports.stringPropertyNames().stream()
                .sorted()
                .map(key -> key + "=" + ports.getProperty(key))
                .toList();
        try {
            PrivateFile.write(file, lines);
        } catch (IOException e) {
            throw new EmbeddedException("the ports can't be written to " + file + ": " + e, e);
        }
    }
}
