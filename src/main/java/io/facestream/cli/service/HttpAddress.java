package io.facestream.cli.service;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.eclipse.microprofile.config.Config;

/**
 * The address of the service's health and metrics.
 *
 * @param host a name or an address; {@code 0.0.0.0} for all addresses of the machine
 * @param port 0 for any free one
 */
record HttpAddress(String host, int port) {
    static final String HOST = "quarkus.management.host";
    static final String PORT = "quarkus.management.port";

    private static final String LOOPBACK = "127.0.0.1";

    // Quarkus's own defaults
    private static final String EVERYWHERE = "0.0.0.0";
    private static final int FIRST_PORT = 9000;

    /** How many processes of the embedded default can each find a port by themselves. */
    private static final int PORTS = 20;

    HttpAddress {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(PORT + " is a port, 0 to 65535, not " + port);
        }
    }

    /** The configured address, else Quarkus's default. */
    static HttpAddress of(Config config) {
        return new HttpAddress(
                config.getOptionalValue(HOST, String.class).orElse(EVERYWHERE),
                config.getOptionalValue(PORT, Integer.class).orElse(FIRST_PORT));
    }

    /** The configured address, else one that only this machine can reach. */
    static HttpAddress ofEmbedded(Config config) {
        String host = config.getOptionalValue(HOST, String.class).orElse(LOOPBACK);
        return new HttpAddress(
                host, config.getOptionalValue(PORT, Integer.class).orElseGet(() -> freePort(host)));
    }

    /** Finds a free port: the embedded default must start beside anything else that the machine runs. */
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
     * Checks that nothing listens there. The service itself would notice only after its stages have begun to work.
     *
     * @throws IllegalStateException if it cannot be listened on
     */
    void requireFree() {
        try {
            bindFor(host, port);
        } catch (IOException e) {
            throw new IllegalStateException(
                    "cannot listen for HTTP on " + host + ":" + port + " (" + e.getMessage()
                            + "): set QUARKUS_MANAGEMENT_PORT to a free port",
                    e);
        }
    }

    private static void bindFor(String host, int port) throws IOException {
        new ServerSocket(port, 1, InetAddress.getByName(host)).close();
    }

    /** The URL of the service's health on this machine. */
    String health() {
        return "http://" + (host.equals(EVERYWHERE) ? LOOPBACK : host) + ":" + port + "/q/health";
    }
}
