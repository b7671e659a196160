package io.facestream.alerts.mqtt;

import java.net.URI;
import java.net.URISyntaxException;

/** Where a broker is. */
record BrokerAddress(boolean tls, String host, int port) {
    private static final int PLAIN_PORT = 1883;
    private static final int TLS_PORT = 8883;

    /** @throws IllegalArgumentException if it is not an address; the message shows nothing of a login in it */
    static BrokerAddress of(String text) {
        URI uri;
        try {
            uri = new URI(text.strip());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is not an address such as mqtt://broker:1883 or mqtts://broker:8883");
        }
        if (uri.getRawUserInfo() != null
                || (uri.getRawAuthority() != null && uri.getRawAuthority().contains("@"))) {
            throw new IllegalArgumentException("must not hold a login: name the file of the login in 'secret' instead");
        }
        boolean tls = "mqtts".equalsIgnoreCase(uri.getScheme());
        boolean known = tls || "mqtt".equalsIgnoreCase(uri.getScheme());
        boolean bare = (uri.getRawPath() == null || uri.getRawPath().matches("/?"))
                && uri.getRawQuery() == null
                && uri.getRawFragment() == null;
        int port = uri.getPort() == -1 ? tls ? TLS_PORT : PLAIN_PORT : uri.getPort();
        if (!known || uri.getHost() == null || !bare || port < 1 || port > 65_535) {
            throw new IllegalArgumentException(
                    "must be mqtt://HOST[:PORT] or mqtts://HOST[:PORT], not \"" + text.strip() + "\"");
        }
        return new BrokerAddress(tls, uri.getHost().replaceAll("^\\[|]$", ""), port);
    }

    @Override
    public String toString() {
        return (tls ? "mqtts://" : "mqtt://") + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
