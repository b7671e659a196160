package io.facestream.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A Kafka broker and its controller (KRaft) in this JVM, with real storage on disk, listening on 127.0.0.1 only.
 *
 * <p>Using a topic does not create it. Everything is at Kafka's default but what {@link #settings} explains.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private static final int NODE_ID = 1;
    private static final int BIND_ATTEMPTS = 3;

    private final KafkaRaftServer server;
    private final int port;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedKafka(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * Starts a broker on the folder's data and returns when it accepts requests. A new or empty folder is formatted
     * first.
     *
     * @param folder its storage; one broker at a time
     * @param port the port of 127.0.0.1 that it listens on and advertises; 0 chooses a free one
     * @throws EmbeddedException if it can't start
     */
    public static EmbeddedKafka start(Path folder, int port) {
        Chatter.silence();
        format(folder);
        // another program may take a free port before it is bound here; the controller's port is always a free one
        for (int attempt = 1; ; attempt++) {
            List<Integer> ports = FreePort.orGiven(List.of(port, 0));
            int brokerPort = ports.get(0);
            var server =
                    new KafkaRaftServer(KafkaConfig.fromProps(settings(folder, brokerPort, ports.get(1))), Time.SYSTEM);
            try {
                server.startup();
                return new EmbeddedKafka(server, brokerPort);
            } catch (RuntimeException e) {
                server.shutdown();
                if (attempt == BIND_ATTEMPTS || !isBindFailure(e)) {
                    throw new EmbeddedException(
                            "Kafka did not start on 127.0.0.1:" + brokerPort + " with its data in " + folder + ": "
                                    + rootCause(e).getMessage(),
                            e);
                }
            }
        }
    }

    /**
     * Sets what to do before the broker ends this whole JVM, as it does when it can't write its data. Shutdown hooks do
     * not run then, since they would wait for the broker.
     */
    static void whenItEndsTheProcess(Runnable action) {
        Exit.Procedure end = (status, message) -> {
            action.run();
            Runtime.getRuntime().halt(status);
        };
        Exit.setExitProcedure(end);
        Exit.setHaltProcedure(end);
    }

    /** {@code host:port}, as Kafka clients take it. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    /** Shuts the broker and controller down cleanly: the next start has nothing to recover. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            Chatter.whileClosing(() -> {
                server.shutdown();
                server.awaitShutdown();
            });
        }
    }

    /**
     * A broker as a process of its own, for tests that freeze or kill it.
     *
     * @param arguments the folder, and the port (0 = free); it prints {@code ready HOST:PORT} and runs until it is
     *     ended
     */
    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length != 2) {
            System.err.println("usage: EmbeddedKafka FOLDER PORT");
            System.exit(2);
        }
        System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
        EmbeddedKafka kafka = start(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
        Runtime.getRuntime().addShutdownHook(new Thread(kafka::close, "close-kafka"));
        System.out.println("ready " + kafka.bootstrapServers());
        new CountDownLatch(1).await();
    }

    /** Settings for a broker of one node that is light enough to share a machine with neural networks. */
    static Properties settings(Path folder, int brokerPort, int controllerPort) {
        var settings = new Properties();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(NODE_ID));
        // voters from the configuration, not from the log: the controller's port may differ at every start
        settings.put("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort);
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("listeners", "PLAINTEXT://127.0.0.1:" + brokerPort + ",CONTROLLER://127.0.0.1:" + controllerPort);
        settings.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + brokerPort);
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("log.dirs", folder.toAbsolutePath().toString());
        settings.put("auto.create.topics.enable", "false");

        // one node holds every replica; 8 partitions instead of 50 are enough for it, and quicker to open and recover
        for (String topic : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            settings.put(topic + ".num.partitions", "8");
            settings.put(topic + ".replication.factor", "1");
        }
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        // after a kill the broker may not register again before its old session has ended: 5 s instead of 9 s
        settings.put("broker.session.timeout.ms", "5000");
        settings.put("broker.heartbeat.interval.ms", "1000");
        // members of a group start together here, so there is nobody to wait 3 s for
        settings.put("group.initial.rebalance.delay.ms", "0");

        // a few clients on one machine: 2 + 4 threads instead of 3 + 8, 16 MiB for compaction instead of 128 MiB of
        // heap
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(16 << 20));
        return settings;
    }

    /**
     * Gives new storage its cluster id and feature levels. meta.properties is written last, so its presence means that
     * both are there.
     */
    static void format(Path folder) {
        try {
            Files.createDirectories(folder);
            if (Files.exists(folder.resolve("meta.properties"))) {
                return;
            }
            new Formatter()
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(NODE_ID)
                    .setDirectories(List.of(folder.toAbsolutePath().toString()))
                    .setMetadataLogDirectory(folder.toAbsolutePath().toString())
                    .setControllerListenerName("CONTROLLER")
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .run();
        } catch (IOException e) {
            throw new EmbeddedException("Kafka's folder " + folder + " can't be written: " + e, e);
        } catch (Exception e) {
            throw new EmbeddedException(
                    "Kafka's folder " + folder + " can't be formatted: " + e.getMessage() + "; give an empty folder",
                    e);
        }
    }

    private static boolean isBindFailure(Throwable failure) {
        return Stream.iterate(failure, t -> t != null, Throwable::getCause).anyMatch(t -> t instanceof BindException);
    }

    private static Throwable rootCause(Throwable failure) {
        return Stream.iterate(failure, t -> t != null, Throwable::getCause).reduce(failure, (outer, inner) -> inner);
    }

    /**
     * Quietens Kafka's log. Broker and clients log thousands of lines at INFO; what matters to somebody who did not
     * install a broker starts at WARN. Loggers are held in fields here, since an unreferenced logger loses its level.
     * This is a class of its own so that it is initialised only after {@link #main} has chosen the log manager. If
     * Quarkus boots later, a level that its configuration gives to one of these categories replaces the one set here.
     */
    private static final class Chatter {
        private static final List<Logger> LOGGERS = Stream.of("kafka", "org.apache.kafka", "state.change.logger")
                .map(Logger::getLogger)
                .toList();
        /** Logs a warning at every start, when a controller becomes active. */
        private static final Logger CONTROLLER = Logger.getLogger("org.apache.kafka.controller.QuorumController");
        /** Logs a warning at every shutdown, about a connection closed twice. Its other warnings are worth reading. */
        private static final Logger CONNECTIONS = Logger.getLogger("org.apache.kafka.clients.NetworkClient");
        /**
         * Logs every failed request with its stack trace, including those that arrive before the controller is active.
         * At a start the node's own registration may be one of them; it is refused and sent again.
         */
        private static final Logger REQUESTS = Logger.getLogger("kafka.server.ControllerApis");

        static void silence() {
            LOGGERS.forEach(logger -> logger.setLevel(Level.WARNING));
            CONTROLLER.setLevel(Level.SEVERE);
            REQUESTS.setFilter(report -> !isTooEarly(report.getThrown()));
        }

        private static boolean isTooEarly(Throwable failure) {
            return failure != null && rootCause(failure) instanceof NotControllerException;
        }

        static void whileClosing(Runnable shutdown) {
            Level level = CONNECTIONS.getLevel();
            CONNECTIONS.setLevel(Level.SEVERE);
            try {
                shutdown.run();
            } finally {
                CONNECTIONS.setLevel(level);
            }
        }
    }
}
