package io.facestream.configuration;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.stream.Stream;

/** Addresses of brokers, in the format of {@code kafka.bootstrap.servers}. */
final class BrokerAddresses {
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private BrokerAddresses() {}

    /** Whether nothing listens at any of the addresses. */
    static boolean areSilent(String bootstrapServers) {
        return Stream.of(bootstrapServers.split(",")).map(String::strip).allMatch(BrokerAddresses::refuses);
    }

    private static boolean refuses(String address) {
        URI uri = URI.create("kafka://" + address);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), (int) PATIENCE.toMillis());
            return false;
        } catch (IOException | IllegalArgumentException e) {
            return true;
        }
    }
}
