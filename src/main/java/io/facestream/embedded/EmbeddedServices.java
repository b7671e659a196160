package io.facestream.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The broker and database of a home, started and stopped together. While they run, {@link EmbeddedHome#endpoints} finds
 * them from any process.
 *
 * <p>The caller that starts them closes them after the application has drained: on the main thread, when {@code
 * Quarkus.run} with an exit handler has returned. The JVM runs all its shutdown hooks at once, Quarkus's own among
 * them, so the hook here waits for the main thread before it closes what is left. Until the start is complete the hook
 * does not wait, so that an interrupted start leaves no server behind.
 */
public final class EmbeddedServices implements AutoCloseable {
    private static final Duration DRAIN = Duration.ofSeconds(30);

    /** What to close, last opened first. */
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    private final CountDownLatch released = new CountDownLatch(1);
    private final Thread hook = new Thread(this::closeAtExit, "close-embedded-services");
    private volatile boolean started;
    private boolean ending;

    private LocalPostgres postgres;
    private EmbeddedKafka kafka;

    private EmbeddedServices() {}

    /** A step of the start, which must not overlap with {@link #close()}. */
    private interface Step {
        AutoCloseable take() throws IOException;
    }

    /**
     * Installs what the machine lacks, and starts broker and database on the home's data.
     *
     * @param command what this process does ({@code demo}), for the message that a second process gets
     * @param progress gets a line for each step that takes time
     * @throws EmbeddedException if the home is in use (the message names the holder), or if one of them can't start;
     *     then nothing is left running
     */
    public static EmbeddedServices start(EmbeddedHome home, String command, Consumer<String> progress) {
        if (!Setup.isComplete()) {
            Setup.run(progress);
        }
        var services = new EmbeddedServices();
        Runtime.getRuntime().addShutdownHook(services.hook);
        try {
            services.open(home, command, progress);
            return services;
        } catch (IOException | RuntimeException e) {
            EmbeddedException failure = explained(home, e);
            try {
                services.close();
            } catch (RuntimeException alsoFailed) {
                failure.addSuppressed(alsoFailed);
            }
            throw failure;
        }
    }

    private void open(EmbeddedHome home, String command, Consumer<String> progress) throws IOException {
        HomeOwner.requireOwn(home);
        home.create();
        step(() -> HomeLock.acquire(home.lockFile(), command));
        FreeSpace.require(home);
        progress.accept("Starting Kafka and PostgreSQL in " + home.folder());
        HomeOwner.restore(home.postgres().resolve("data"), progress);
        LocalPostgres.stopLeftOver(home.postgres());
        KeptPorts ports = new KeptPorts(home.portsFile(), progress);
        step(() -> postgres = LocalPostgres.start(home.postgres(), ports.postgres()));
        EmbeddedKafka.whenItEndsTheProcess(() -> endWithKafka(home));
        step(() -> kafka = EmbeddedKafka.start(home.kafka(), ports.kafka()));
        step(() -> () -> Files.deleteIfExists(home.endpointsFile()));
        endpoints().write(home.endpointsFile());
        started = true;
    }

    private synchronized void step(Step step) throws IOException {
        if (ending) {
            throw new EmbeddedException("the process was asked to end while it started");
        }
        opened.push(step.take());
    }

    private static EmbeddedException explained(EmbeddedHome home, Exception failure) {
        String message =
                failure instanceof EmbeddedException ? failure.getMessage() : "the embedded default: " + failure;
        return FreeSpace.shortage(home.folder())
                .filter(shortage -> !message.startsWith(home.folder() + " has "))
                .map(shortage -> new EmbeddedException(shortage + " (" + message + ")", failure))
                .orElseGet(() ->
                        failure instanceof EmbeddedException known ? known : new EmbeddedException(message, failure));
    }

    /** How to reach both. */
    public Endpoints endpoints() {
        return new Endpoints(
                kafka.bootstrapServers(), postgres.jdbcUrl(), postgres.userName(), postgres.passwordFile());
    }

    /** A command line that opens the database in psql. */
    public String psqlCommand() {
        return postgres.psqlCommand();
    }

    private void closeAtExit() {
        try {
            if (started) {
                released.await(DRAIN.toSeconds(), TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        close();
    }

    /**
     * Prepares the end of this process when the broker's disk is full or broken: says why, and stops the database,
     * which is a process of its own and would go on running.
     */
    private void endWithKafka(EmbeddedHome home) {
        System.err.println(FreeSpace.shortage(home.folder())
                .orElse("Kafka can't go on with its data in " + home.kafka() + "; its own messages are above"));
        try {
            if (postgres != null) {
                postgres.close();
            }
        } catch (EmbeddedException e) {
            System.err.println(e.getMessage());
        }
    }

    /** Removes the endpoints file, stops both cleanly, and releases the home. A second call does nothing. */
    @Override
    public void close() {
        try {
            closeAll();
        } finally {
            released.countDown();
        }
        if (Thread.currentThread() != hook) {
            removeHook();
        }
    }

    private void removeHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the process is ending, and the hook finds nothing left to do
        }
    }

    private synchronized void closeAll() {
        ending = true;
        EmbeddedException failure = null;
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                EmbeddedException next =
                        e instanceof EmbeddedException known ? known : new EmbeddedException("did not stop: " + e, e);
                if (failure == null) {
                    failure = next;
                } else {
                    failure.addSuppressed(next);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
