package io.facestream.embedded;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The folder of a PostgreSQL server's programs that has pgvector, and its major version.
 *
 * <p>The places searched, and the oldest version, are the same as in {@code embedded/install-postgresql.sh}.
 */
record PostgresBinaries(Path folder, int major) {
    /**
     * The first version with {@code DETACH PARTITION CONCURRENTLY}, which removes old model versions from the gallery.
     */
    private static final int OLDEST_MAJOR = 14;

    /** Debian and Ubuntu, PostgreSQL's own RPMs, Homebrew on arm64 and x86_64: parent folder, and pattern within it. */
    private static final Map<String, String> PLACES = Map.of(
            "/usr/lib/postgresql", "*",
            "/usr", "pgsql-*",
            "/opt/homebrew/opt", "postgresql*",
            "/usr/local/opt", "postgresql*");

    private static final Pattern VERSION = Pattern.compile("\\D*(\\d+).*");

    /** The newest one. */
    static Optional<PostgresBinaries> find() {
        return all().stream().max(Comparator.comparingInt(PostgresBinaries::major));
    }

    /** One that can read the data folders of the given major version. */
    static Optional<PostgresBinaries> find(int major) {
        return all().stream().filter(binaries -> binaries.major == major).findFirst();
    }

    /** The path of one of its programs, such as {@code pg_ctl}. */
    String program(String name) {
        return folder.resolve(name).toString();
    }

    private static List<PostgresBinaries> all() {
        var candidates = new ArrayList<Path>();
        PLACES.forEach((parent, pattern) -> {
            try (DirectoryStream<Path> folders = Files.newDirectoryStream(Path.of(parent), pattern)) {
                folders.forEach(folder -> candidates.add(folder.resolve("bin")));
            } catch (IOException e) {
                // this place does not exist here
            }
        });
        ask("pg_config", "--bindir").map(Path::of).ifPresent(candidates::add);
        return candidates.stream()
                .distinct()
                .flatMap(folder -> inspect(folder).stream())
                .toList();
    }

    private static Optional<PostgresBinaries> inspect(Path folder) {
        if (!Files.isExecutable(folder.resolve("postgres"))) {
            return Optional.empty();
        }
        String pgConfig = folder.resolve("pg_config").toString();
        boolean hasPgvector = ask(pgConfig, "--sharedir")
                .filter(shared -> Files.exists(Path.of(shared, "extension", "vector.control")))
                .isPresent();
        return ask(pgConfig, "--version")
                .map(VERSION::matcher)
                .filter(Matcher::matches)
                .map(version -> new PostgresBinaries(folder, Integer.parseInt(version.group(1))))
                .filter(binaries -> hasPgvector && binaries.major >= OLDEST_MAJOR);
    }

    /** The last line that a program prints; empty if it is missing or fails. */
    private static Optional<String> ask(String program, String option) {
        try {
            Command answer = Command.run(Path.of("/"), List.of(program, option));
            return answer.succeeded() ? Optional.of(answer.lastLine()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
