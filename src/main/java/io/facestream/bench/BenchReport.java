package io.facestream.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.messaging.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The figures of a bench, as one line of JSON. */
final class BenchReport {
    private BenchReport() {}

    /**
     * Returns the line, after writing it to a file.
     *
     * @param file empty for none
     */
    static String of(Object figures, String file) throws IOException {
        byte[] json = Json.write(figures);
        if (!file.isEmpty()) {
            Files.write(Path.of(file), json);
        }
        return new String(json, UTF_8);
    }
}
