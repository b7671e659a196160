package io.facestream.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * Ports of 127.0.0.1. A server must know its port before it binds it, since it advertises it; so a free one is looked up
 * first, and whoever uses it must be ready for somebody else taking it in between.
 */
final class FreePort {
    private FreePort() {}

    /**
     * The given port, or one that is free now where it is 0.
     *
     * @throws EmbeddedException if the given one is taken
     */
    static int orGiven(int port) {
        return orGiven(List.of(port)).get(0);
    }

    /** The same for several ports of one server, which differ: all are held until the last one is found. */
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
            throw new EmbeddedException("port " + socket.getLocalPort() + " can't be given free: " + e.getMessage(), e);
        }
    }
}
