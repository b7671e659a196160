package io.facestream.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

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
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not within 0..65535");
        }
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new EmbeddedException(
                    "port " + port + " of 127.0.0.1 can't be used (" + e.getMessage() + "): give another, or 0 for any",
                    e);
        }
    }
}
