package io.facestream.evaluation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * What ran, and on which machine.
 *
 * @param version of FaceStream
 * @param commit null if it was built outside a repository
 * @param modified whether the sources differed from that commit; null if there is none
 * @param built when, in UTC
 * @param java version and vendor
 * @param os name, version and architecture
 * @param cpu as the system names it; its architecture if the system gives no name
 * @param processors that Java may use
 */
public record Build(
        String version,
        String commit,
        Boolean modified,
        String built,
        String java,
        String os,
        String cpu,
        int processors) {
    /** Filled in by Maven. */
    private static final String PROPERTIES = "/META-INF/facestream-build.properties";

    /** Filled in from git: the commit, then {@code clean} or {@code modified}; empty without a repository. */
    private static final String COMMIT = "/META-INF/facestream-commit";

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    /** The build of this process. */
    public static Build current() {
        Properties properties = new Properties();
        List<String> commit;
        try {
            properties.load(new StringReader(resource(PROPERTIES)));
            commit = resource(COMMIT).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        boolean known = commit.size() == 2;
        return new Build(
                properties.getProperty("version"),
                known ? commit.get(0) : null,
                known ? commit.get(1).equals("modified") : null,
                properties.getProperty("time"),
                System.getProperty("java.version") + " " + System.getProperty("java.vendor"),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                processor(),
                Runtime.getRuntime().availableProcessors());
    }

    private static String resource(String name) throws IOException {
        try (InputStream resource = Build.class.getResourceAsStream(name)) {
            return resource == null ? "" : new String(resource.readAllBytes(), UTF_8);
        }
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(CPU_INFO)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException | UncheckedIOException e) {
            return System.getProperty("os.arch");
        }
    }

    /** Identifies the sources: equal for two builds of the same commit; modified sources differ at every build. */
    public String sources() {
        return commit != null && !modified ? version + " " + commit : version + " built " + built;
    }

    @Override
    public String toString() {
        String of =
                commit == null ? "built " + built : "at " + commit.substring(0, 10) + (modified ? ", modified" : "");
        return version + " " + of + "; Java " + java + "; " + os + "; " + processors + " processors, " + cpu;
    }
}
