package io.facestream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.facestream.embedded.TestServices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Processes that stand for containers of the image: the launcher and the built application, in a folder that is laid
 * out as the image's is, with nothing of this process's environment but where programs and Java are. Until they are
 * ended in order, closing kills them and shows what they said.
 */
final class Containers implements AutoCloseable {
    /** Reads process ids, and kills them all when no more can come: also when this JVM was killed. */
    private static final String REAPER = "while read -r id; do ids+=($id); done; kill -KILL \"${ids[@]}\" 2>/dev/null";

    private final Path folder;
    private final Map<String, Process> processes = new TreeMap<>();
    private final Process reaper;

    /** @param folder what {@code /opt/facestream} is in the image */
    Containers(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder.resolve("target"));
        for (String program : List.of("facestream", "src/main/docker/health")) {
            Path copy = folder.resolve(Path.of(program).getFileName());
            Files.copy(Path.of(program), copy);
            assertThat(copy.toFile().setExecutable(true)).isTrue();
        }
        Files.createSymbolicLink(
                folder.resolve("target/quarkus-app"),
                Path.of("target/quarkus-app").toAbsolutePath());
        reaper = new ProcessBuilder("bash", "-c", REAPER).start();
    }

    /** Runs the launcher as the image's entry point. */
    Process start(String name, Map<String, String> environment, List<String> command) throws IOException {
        List<String> words =
                new ArrayList<>(List.of(folder.resolve("facestream").toString()));
        words.addAll(command);
        Process process = process(environment, words)
                .redirectErrorStream(true)
                .redirectOutput(output(name).toFile())
                .start();
        processes.put(name, process);
        reaper.outputWriter(UTF_8).write(process.pid() + "\n");
        reaper.outputWriter(UTF_8).flush();
        return process;
    }

    /**
     * Starts a process of these roles.
     *
     * @param settings as in {@code application.properties}; without a port for its health checks it gets a free one
     */
    void startRoles(String name, String roles, String heap, Map<String, String> settings) throws IOException {
        Map<String, String> all = new HashMap<>(settings);
        all.put("facestream.instance", name);
        all.putIfAbsent("quarkus.management.port", Integer.toString(TestServices.freePort()));
        Map<String, String> environment = environment(all);
        environment.put("FACESTREAM_JAVA_OPTS", "-Xmx" + heap);
        start(name, environment, List.of("up", "--roles", roles));
    }

    /** Settings as variables of the environment. */
    static Map<String, String> environment(Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>();
        settings.forEach(
                (name, value) -> environment.put(name.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"), value));
        return environment;
    }

    /** Whether a command in a container succeeds. */
    boolean succeeds(Map<String, String> environment, List<String> command) {
        try {
            return process(environment, command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private ProcessBuilder process(Map<String, String> environment, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        Map<String, String> own = builder.environment();
        own.keySet().retainAll(List.of("PATH"));
        own.put("JAVA_HOME", System.getProperty("java.home"));
        own.putAll(environment);
        return builder;
    }

    /** What a process has said so far. */
    String said(String name) throws IOException {
        return Files.readString(output(name));
    }

    private Path output(String name) {
        return folder.resolve(name + ".log");
    }

    Process process(String name) {
        return processes.get(name);
    }

    /** The most memory that a process has had resident, in bytes. */
    long peakMemory(String name) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process(name).pid()), "status")).stream()
                        .filter(line -> line.startsWith("VmHWM:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElseThrow()
                << 10;
    }

    /** Asks all to end, which they must within so many seconds. */
    void end(long seconds) throws InterruptedException {
        processes.values().forEach(Process::destroy);
        for (String name : List.copyOf(processes.keySet())) {
            assertThat(processes.get(name).waitFor(seconds, TimeUnit.SECONDS))
                    .as(name)
                    .isTrue();
        }
        processes.clear();
    }

    @Override
    public void close() throws IOException {
        reaper.outputWriter(UTF_8).close();
        for (String name : processes.keySet()) {
            System.out.println("--- " + name + " said:");
            System.out.println(said(name));
        }
    }
}
