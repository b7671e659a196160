package io.facestream.cli;

import io.facestream.embedded.EmbeddedHome;
import io.facestream.embedded.EmbeddedServices;
import io.facestream.gallery.GallerySchema;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.SQLException;
import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/** Runs the service in this process: some roles, on given brokers and database or on the embedded default. */
final class Service {
    private static final String HTTP_PORT = "quarkus.http.port";
    private static final int FIRST_HTTP_PORT = 8080;
    private static final int HTTP_PORTS = 20;
    private static final long DRAIN_SECONDS = 30;

    private final Collection<Role> roles;

    Service(Collection<Role> roles) {
        this.roles = roles;
    }

    /** Runs until the process is asked to end. */
    int run() {
        return run(null);
    }

    /** Runs {@code application} beside the roles, and ends with it. */
    int run(Class<? extends QuarkusApplication> application, String... arguments) {
        System.setProperty("quarkus.profile", roles.stream().map(Role::profile).collect(Collectors.joining(",")));
        AtomicReference<Throwable> failure = new AtomicReference<>();
        int[] code = new int[1];
        Quarkus.run(
                application,
                (exitCode, thrown) -> {
                    code[0] = exitCode;
                    failure.set(thrown);
                },
                arguments);
        if (failure.get() != null) {
            // Quarkus's own "Failed to start quarkus" says no more.
            Throwable cause = failure.get().getCause() == null
                    ? failure.get()
                    : failure.get().getCause();
            throw new IllegalStateException("the service did not start", cause);
        }
        return code[0];
    }

    /** The same on the embedded default, which is up before and down after the roles. */
    int runEmbedded(
            EmbeddedHome home, String command, Class<? extends QuarkusApplication> application, String... arguments)
            throws SQLException {
        CountDownLatch drained = new CountDownLatch(1);
        try (EmbeddedServices embedded = EmbeddedServices.start(home, command, System.out::println)) {
            // Hooks run side by side: broker and database have to outlive the roles, which Quarkus's own hook ends.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                try {
                    drained.await(DRAIN_SECONDS, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                embedded.close();
            }));
            Settings.properties(embedded.endpoints()).forEach(System::setProperty);
            System.setProperty(HTTP_PORT, Integer.toString(freeHttpPort()));
            GallerySchema.migrate(Settings.load().database());
            System.out.println("Kafka is at " + embedded.endpoints().kafkaBootstrapServers());
            System.out.println("The gallery: " + embedded.psqlCommand());
            return run(application, arguments);
        } finally {
            drained.countDown();
        }
    }

    /** The embedded default must start beside whatever else the machine runs. */
    private static int freeHttpPort() {
        if (System.getProperty(HTTP_PORT) != null) {
            return Integer.getInteger(HTTP_PORT);
        }
        for (int port = FIRST_HTTP_PORT; port < FIRST_HTTP_PORT + HTTP_PORTS; port++) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // Taken: the next one.
            }
        }
        return 0;
    }
}
