package io.facestream.cli.service;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Locale;
import org.eclipse.microprofile.config.Config;

/**
 * Where the service listens for HTTP.
 *
 * @param host a name or an address; {@code 0.0.0.0} for all addresses of the machine
 * @param port 0 for any free one
 */
record HttpAddress(Listener listener, String host, int port) {
    private static final String LOOPBACK = "127.0.0.1";

    // Quarkus's own default
    private static final String EVERYWHERE = "0.0.0.0";

    /** How many processes of the embedded default can each find a port by themselves. */
    private static final int PORTS = 20;

    /** What is listened for. */
    enum Listener {
        /** Health and metrics. */
        MANAGEMENT("quarkus.management", 9000),
        /** The API of the role web. */
        API("quarkus.http", 8080);

        private final String prefix;
        private final int firstPort; // Quarkus's own default

        Listener(String prefix, int firstPort) {
            this.prefix = prefix;
            this.firstPort = firstPort;
        }

        /** The setting of its host. */
        String host() {
            return prefix + ".host";
        }

        /** The setting of its port. */
        String port() {
            return prefix + ".port";
        }
    }

    HttpAddress {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(listener.port() + " is a port, 0 to 65535, not " + port);
        }
    }

    /** The configured address, else Quarkus's default. */
    static HttpAddress of(Listener listener, Config config) {
        return new HttpAddress(
                listener,
                config.getOptionalValue(listener.host(), String.class).orElse(EVERYWHERE),
                config.getOptionalValue(listener.port(), Integer.class).orElse(listener.firstPort));
    }

    /** The configured address, else one that only this machine can reach. */
    static HttpAddress ofEmbedded(Listener listener, Config config) {
        String host = config.getOptionalValue(listener.host(), String.class).orElse(LOOPBACK);
        return new HttpAddress(
                listener,
                host,
                config.getOptionalValue(listener.port(), Integer.class)
                        .orElseGet(() -> freePort(host, listener.firstPort)));
    }

    /** Finds a free port: the embedded default must start beside anything else that the machine runs. */
    private static int freePort(String host, int first) {
        for (int port = first; port < first + PORTS; port++) {
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
                            + "): set " + listener.port().replace('.', '_').toUpperCase(Locale.ROOT)
                            + " to a free port",
                    e);
        }
    }

    private static void bindFor(String host, int port) throws IOException {
        new ServerSocket(port, 1, InetAddress.getByName(host)).close();
    }

    /** The URL of a path on this machine. */
    String url(String path) {
        return "http://" + (host.equals(EVERYWHERE) ? LOOPBACK : host) + ":" + port + path;
    }
}
