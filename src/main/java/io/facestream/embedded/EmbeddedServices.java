package io.facestream.embedded;

import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * Broker and database of a home, up together and down together. While they run, {@link EmbeddedHome#endpoints} finds them
 * from any process.
 *
 * <p>Whoever starts them closes them after the application has drained. A shutdown hook alone is too early for that, since
 * the JVM runs all its hooks at once, Quarkus's own among them: close them on the main thread when {@code Quarkus.run} with
 * an exit handler has returned, and let the hook wait for that thread before it closes what is left.
 */
public final class EmbeddedServices implements AutoCloseable {
    /** What is to be closed, the last one first. */
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    private LocalPostgres postgres;
    private EmbeddedKafka kafka;

    private EmbeddedServices() {}

    /**
     * Installs what the machine lacks, and starts both on the home's data.
     *
     * @param command what this process does ({@code demo}), for the message that a second one gets
     * @param progress gets a line for each step that takes time
     * @throws EmbeddedException if the home is in use (the message names by whom), or if one of them can't start
     */
    public static EmbeddedServices start(EmbeddedHome home, String command, Consumer<String> progress) {
        if (!Setup.isComplete()) {
            Setup.run(progress);
        }
        home.create();
        var services = new EmbeddedServices();
        try {
            services.open(home, command, progress);
            return services;
        } catch (RuntimeException e) {
            try {
                services.close();
            } catch (RuntimeException alsoFailed) {
                e.addSuppressed(alsoFailed);
            }
            throw e;
        }
    }

    private void open(EmbeddedHome home, String command, Consumer<String> progress) {
        opened.push(HomeLock.acquire(home, command));
        progress.accept("Starting Kafka and PostgreSQL in " + home.folder());
        postgres = LocalPostgres.start(home.postgres(), 0);
        opened.push(postgres);
        kafka = EmbeddedKafka.start(home.kafka(), 0);
        opened.push(kafka);
        opened.push(() -> Files.deleteIfExists(home.endpointsFile()));
        endpoints().write(home.endpointsFile());
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

    /** Takes the endpoints back, stops both cleanly, and gives the home free. A second call does nothing. */
    @Override
    public synchronized void close() {
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
