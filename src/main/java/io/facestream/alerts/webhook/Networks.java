package io.facestream.alerts.webhook;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Which addresses a webhook may have. */
final class Networks {
    /** Where no server is: this network, multicast, reserved, broadcast; documentation, benchmarks, discard-only. */
    private static final List<Network> NOWHERE = networks(
            "0.0.0.0/8",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",
            "::/128",
            "100::/64",
            "2001:db8::/32",
            "ff00::/8");

    /** This machine, private, shared by a provider's customers, link-local, site-local: IANA's special registries. */
    private static final List<Network> PRIVATE = networks(
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "::1/128",
            "64:ff9b:1::/48",
            "fc00::/7",
            "fe80::/10",
            "fec0::/10");

    /** Addresses that lead to an IPv4 address, and where in them its four bytes are: RFC 4291, 6052, 3056. */
    private static final List<Embedding> EMBEDDINGS = List.of(
            new Embedding(network("::/96"), 12),
            new Embedding(network("64:ff9b::/96"), 12),
            new Embedding(network("2002::/16"), 2));

    /** Teredo hides its IPv4 address, and nothing is served there. */
    private static final Network TEREDO = network("2001::/32");

    private Networks() {}

    private record Embedding(Network network, int at) {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Network(byte[] prefix, int bits) {
        boolean contains(byte[] address) {
            if (address.length != prefix.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % 8);
                if ((address[bit / 8] & mask) != (prefix[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * Why an address is not connected to; empty if it is.
     *
     * @param https whether what is sent there is encrypted
     */
    static Optional<String> refusal(InetAddress address, boolean allowPrivate, boolean https) {
        byte[] bytes = plain(address.getAddress());
        if (contains(NOWHERE, bytes) || TEREDO.contains(bytes)) {
            return Optional.of("no server can be at that address");
        }
        boolean isPrivate = contains(PRIVATE, bytes);
        if (isPrivate && !allowPrivate) {
            return Optional.of("it is in a private network: set allow-private-networks if it may be");
        }
        if (!isPrivate && !https) {
            return Optional.of("it is not in a private network, where alerts are sent by https only");
        }
        return Optional.empty();
    }

    private static byte[] plain(byte[] address) {
        for (Embedding embedding : EMBEDDINGS) {
            // ::1 and :: are of the first kind by their form, and are addresses of their own.
            boolean own = address.length > 4 && embedding.at == 12 && isSmall(address);
            if (embedding.network.contains(address) && !own) {
                return Arrays.copyOfRange(address, embedding.at, embedding.at + 4);
            }
        }
        return address;
    }

    private static boolean isSmall(byte[] address) {
        for (int i = 0; i < address.length - 1; i++) {
            if (address[i] != 0) {
                return false;
            }
        }
        return address[address.length - 1] >= 0 && address[address.length - 1] <= 1;
    }

    private static boolean contains(List<Network> networks, byte[] address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }

    private static List<Network> networks(String... all) {
        return Arrays.stream(all).map(Networks::network).toList();
    }

    private static Network network(String text) {
        String[] parts = text.split("/", -1);
        try {
            // a literal, which is never looked up
            InetAddress prefix = InetAddress.getByName(parts[0]);
            byte[] bytes = prefix.getAddress();
            boolean shortened = prefix instanceof Inet4Address && parts[0].contains(":");
            if (shortened) {
                throw new IllegalArgumentException(text + " is a mapped address");
            }
            return new Network(bytes, Integer.parseInt(parts[1]));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
