package io.facestream.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.facestream.messaging.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The figures of a bench. */
final class BenchReport {
    private BenchReport() {}

    /**
     * Returns them as one line of JSON, after writing it to a file.
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

    /** @param share 0 to 1 */
    static double percentile(double[] values, double share) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
    }
}
