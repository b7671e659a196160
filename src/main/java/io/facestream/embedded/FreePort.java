package io.facestream.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of 127.0.0.1. A server advertises its port and so must know it before binding it. A free port is therefore
 * looked up first, and the caller must expect another program to take it in between.
 */
final class FreePort {
    /**
     * Below the ports that Linux gives to outgoing connections (32768 and up), and below Kubernetes' node ports
     * (30000).
     */
    private static final int FIRST_LASTING = 20_000;

    private static final int END_LASTING = 30_000;
    private static final int ATTEMPTS = 100;

    private FreePort() {}

    /** Whether a server could listen there now. */
    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** A free port that is likely to be free at later starts too: outgoing connections do not use its range. */
    static int lasting() {
        return ThreadLocalRandom.current()
                .ints(ATTEMPTS, FIRST_LASTING, END_LASTING)
                .filter(FreePort::isFree)
                .findFirst()
                .orElseGet(() -> orGiven(0));
    }

    /**
     * The given port, or one that is free now if it is 0.
     *
     * @throws EmbeddedException if the given one is taken
     */
    static int orGiven(int port) {
        return orGiven(List.of(port)).get(0);
    }

    /** The same for several ports of one server. Each is held until the last one is found, so that they differ. */
    static List<Integer> orGiven(List<Integer> ports) {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int port : ports) {
                held.add(hold(port));
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            held.forEach(FreePort::release);
        }
    }

    private static ServerSocket hold(int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not within 0..65535");
        }
        try {
            return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new EmbeddedException(
                    "port " + port + " of 127.0.0.1 can't be used (" + e.getMessage() + "): give another, or 0 for any",
                    e);
        }
    }

    private static void release(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new EmbeddedException("port " + socket.getLocalPort() + " can't be released: " + e.getMessage(), e);
        }
    }
}
