package io.facestream.cli.service;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.eclipse.microprofile.config.Config;

/**
 * Where the service shows its health and its metrics.
 *
 * @param host a name or an address; {@code 0.0.0.0} for all of the machine's
 * @param port 0 for any that is free
 */
record HttpAddress(String host, int port) {
    static final String HOST = "quarkus.management.host";
    static final String PORT = "quarkus.management.port";

    private static final String LOOPBACK = "127.0.0.1";

    // Quarkus's own defaults
    private static final String EVERYWHERE = "0.0.0.0";
    private static final int FIRST_PORT = 9000;

    /** Processes of the embedded default that find a port by themselves. */
    private static final int PORTS = 20;

    HttpAddress {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(PORT + " is a port, 0 to 65535, not " + port);
        }
    }

    /** What the configuration says, else Quarkus's default. */
    static HttpAddress of(Config config) {
        return new HttpAddress(
                config.getOptionalValue(HOST, String.class).orElse(EVERYWHERE),
                config.getOptionalValue(PORT, Integer.class).orElse(FIRST_PORT));
    }

    /** What the configuration says, else one that suits a process which is to be seen from this machine only. */
    static HttpAddress ofEmbedded(Config config) {
        String host = config.getOptionalValue(HOST, String.class).orElse(LOOPBACK);
        return new HttpAddress(
                host, config.getOptionalValue(PORT, Integer.class).orElseGet(() -> freePort(host)));
    }

    /** The embedded default must start beside whatever else the machine runs. */
    private static int freePort(String host) {
        for (int port = FIRST_PORT; port < FIRST_PORT + PORTS; port++) {
            try {
                bindFor(host, port);
                return port;
            } catch (IOException e) {
                // Taken: the next one.
            }
        }
        return 0;
    }

    /**
     * Checks that nobody listens there. The service itself would notice only when its stages work already.
     *
     * @throws IllegalStateException if it cannot be listened on
     */
    void requireFree() {
        try {
            bindFor(host, port);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "cannot listen for HTTP on " + host + ":" + port + " (" + e.getMessage()
                            + "): set QUARKUS_MANAGEMENT_PORT to a port that is free",
                    e);
        }
    }

    private static void bindFor(String host, int port) throws IOException {
        new ServerSocket(port, 1, InetAddress.getByName(host)).close();
    }

    /** Where this machine's users see the service's health. */
    String health() {
        return "http://" + (host.equals(EVERYWHERE) ? LOOPBACK : host) + ":" + port + "/q/health";
    }
}
