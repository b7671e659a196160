package io.facestream.evaluation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * What ran, and on what.
 *
 * @param version of FaceStream
 * @param commit null where it was built outside a repository
 * @param modified whether the sources differed from that commit; null where there is none
 * @param built when, in UTC
 * @param java version and vendor
 * @param os name, version and architecture
 * @param cpu as the system names it; its architecture where it does not
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
    /** Maven fills it in. */
    private static final String PROPERTIES = "/META-INF/facestream-build.properties";

    private static final String UNKNOWN = "unknown";
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    /** This process's. */
    public static Build current() {
        Properties properties = new Properties();
        try (InputStream resource = Build.class.getResourceAsStream(PROPERTIES)) {
            if (resource == null) {
                throw new IllegalStateException("the build lacks " + PROPERTIES);
            }
            properties.load(resource);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String commit = properties.getProperty("commit", UNKNOWN);
        boolean known = !commit.equals(UNKNOWN) && !commit.startsWith("$");
        return new Build(
                properties.getProperty("version"),
                known ? commit : null,
                known ? Boolean.valueOf(properties.getProperty("dirty")) : null,
                properties.getProperty("time"),
                System.getProperty("java.version") + " " + System.getProperty("java.vendor"),
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"),
                processor(),
                Runtime.getRuntime().availableProcessors());
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

    /** The same for two builds of the same sources; of modified ones every build is another. */
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
