package io.facestream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A process of a fault run: what it says goes to a file, and it may be started again. */
final class FaultRunProcess {
    private static final long POLL_MILLIS = 200;
    private static final long END_SECONDS = 40;

    private final String name;
    private final ProcessBuilder command;
    private final Path log;
    private Process process;
    private long saidBefore;

    FaultRunProcess(String name, ProcessBuilder command, Path log) {
        this.name = name;
        this.command = command.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        this.log = log;
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            if (process != null) {
                process.destroyForcibly();
            }
        }));
    }

    String name() {
        return name;
    }

    void start() throws IOException {
        saidBefore = lines();
        process = command.start();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Waits until it says a line that begins so, since it was started last. */
    void await(String line, Duration most) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + most.toNanos();
        while (!said(line)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException(name + " did not say \"" + line + "\"; what it said is in " + log);
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private boolean said(String line) throws IOException {
        try (Stream<String> lines = Files.lines(log, UTF_8)) {
            return lines.skip(saidBefore).anyMatch(said -> said.startsWith(line));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    void awaitEnd(Duration most) throws IOException, InterruptedException {
        if (!process.waitFor(most.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(name + " failed; what it said is in " + log);
        }
    }

    /** How many lines it has said since it was first started. */
    long lines() throws IOException {
        if (!Files.exists(log)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(log, UTF_8)) {
            return lines.count();
        }
    }

    /** SIGTERM: it ends in order, or is killed after {@value #END_SECONDS} s. */
    void terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
            kill();
        }
    }

    /** SIGKILL, also where it is frozen. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(END_SECONDS, TimeUnit.SECONDS);
    }

    /** @param signal STOP or CONT */
    void signal(String signal) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
        if (kill.waitFor() != 0) {
            throw new IOException("kill -" + signal + " of " + name + " failed");
        }
    }
}
