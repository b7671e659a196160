package io.facestream.alerts.webhook;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Where alerts are posted to. Path and query may hold a token, so no message shows them.
 *
 * @param host a name, or an address without brackets
 * @param uri path and query, as they are sent
 */
record WebhookAddress(boolean https, String host, int port, String uri) {
    private static final int MOST_CHARACTERS = 2_048;
    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final int LAST_PORT = 65_535;

    /** @throws IllegalArgumentException naming what is wrong with it, and nothing of its path */
    static WebhookAddress of(String url) {
        if (url.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException(
                    "url has at most " + MOST_CHARACTERS + " characters, not " + url.length());
        }
        URI parsed;
        try {
            parsed = new URI(url);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "url is no address such as https://example.org/alerts: " + e.getReason() + " at character "
                            + (e.getIndex() + 1),
                    e);
        }
        if (parsed.getRawUserInfo() != null
                || (parsed.getRawAuthority() != null && parsed.getRawAuthority().contains("@"))) {
            throw new IllegalArgumentException("url has a user or a password in it: alerts are signed instead");
        }
        String scheme = parsed.getScheme() == null ? "" : parsed.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("https") && !scheme.equals("http")) {
            throw new IllegalArgumentException("url begins with https://, or http:// in a private network");
        }
        if (parsed.getHost() == null) {
            throw new IllegalArgumentException("url names no host: it is such as https://example.org/alerts");
        }
        if (parsed.getRawFragment() != null) {
            throw new IllegalArgumentException("url has a fragment, which is never sent: leave out # and what follows");
        }
        boolean https = scheme.equals("https");
        int port = parsed.getPort() < 0 ? (https ? HTTPS : HTTP) : parsed.getPort();
        if (port < 1 || port > LAST_PORT) {
            throw new IllegalArgumentException("url has the port " + port + ": ports are 1 to " + LAST_PORT);
        }
        String path = parsed.getRawPath() == null || parsed.getRawPath().isEmpty() ? "/" : parsed.getRawPath();
        String query = parsed.getRawQuery() == null ? "" : "?" + parsed.getRawQuery();
        return new WebhookAddress(https, parsed.getHost().replaceAll("[\\[\\]]", ""), port, asAscii(path + query));
    }

    private static String asAscii(String part) {
        return URI.create(part).toASCIIString();
    }

    boolean isIpv6() {
        return host.contains(":");
    }

    /** Host and port, an address of IPv6 in brackets (RFC 3986, section 3.2.2). */
    String authority() {
        return (isIpv6() ? "[" + host + "]" : host) + ":" + port;
    }

    /** As one may show it. */
    @Override
    public String toString() {
        return (https ? "https://" : "http://") + authority();
    }
}
