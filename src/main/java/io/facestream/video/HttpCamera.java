package io.facestream.video;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLDecoder;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A camera over HTTP, as one stream of bytes. A stream passes as it is. Of a snapshot address, which answers with one
 * JPEG, it makes a stream: it asks again and again, and puts the pictures into the form of {@code
 * multipart/x-mixed-replace}.
 *
 * <p>FFmpeg's own HTTP client follows redirects to any host, and takes the login along; this one follows them on the
 * same host only.
 */
final class HttpCamera implements AutoCloseable {
    /** How long a connection, and each wait for bytes, may take. */
    private static final int TIMEOUT_MILLIS = 10_000;

    private static final int MOST_REDIRECTS = 3;

    /** As a record of camera-frames allows, about. */
    private static final int MOST_SNAPSHOT_BYTES = 8 << 20;

    private static final String DIGESTS = "http.auth.digest.reEnabledAlgorithms";

    /** How long an interruption may take to be noticed between two pictures. */
    private static final long NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    static {
        // Java refuses MD5 from 21 on, and cameras that ask for a digest know nothing else.
        if (System.getProperty(DIGESTS) == null) {
            System.setProperty(DIGESTS, "MD5");
        }
    }

    private final String name;
    private final Interruption interruption;
    private final SnapshotPace pace;
    private final Optional<Authenticator> login;
    private URL address;
    private volatile HttpURLConnection connection;
    private final InputStream body;
    private String mediaType;

    /** @throws IOException if it does not answer with a picture or a stream */
    HttpCamera(VideoInput input, Interruption interruption) throws IOException {
        name = input.name();
        this.interruption = interruption;
        pace = new SnapshotPace(input.snapshotsPerSecond());
        URI location = URI.create(input.location());
        login = login(location);
        address = withoutUser(location);
        interruption.then(this::close);
        InputStream first = request();
        body = isSnapshot() ? new SequenceInputStream(new Snapshots(first)) : first;
    }

    private static Optional<Authenticator> login(URI location) {
        if (location.getRawUserInfo() == null) {
            return Optional.empty();
        }
        String[] parts = location.getRawUserInfo().split(":", 2);
        String user = decoded(parts[0]);
        char[] password = decoded(parts.length > 1 ? parts[1] : "").toCharArray();
        return Optional.of(new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return new PasswordAuthentication(user, password);
            }
        });
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
    }

    private static URL withoutUser(URI location) throws IOException {
        String text = location.toString();
        String user = location.getRawUserInfo();
        return URI.create(user == null ? text : text.replace("://" + user + "@", "://"))
                .toURL();
    }

    /** Sends a request, and again to where the camera leads on its own host; returns the answer's body. */
    private InputStream request() throws IOException {
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            HttpURLConnection opened = (HttpURLConnection) address.openConnection(Proxy.NO_PROXY);
            connection = opened;
            if (interruption.requested()) {
                throw new IOException("interrupted");
            }
            opened.setConnectTimeout(TIMEOUT_MILLIS);
            opened.setReadTimeout(TIMEOUT_MILLIS);
            opened.setInstanceFollowRedirects(false);
            opened.setUseCaches(false);
            opened.setRequestProperty("Accept", "*/*");
            login.ifPresent(opened::setAuthenticator);
            int status = opened.getResponseCode();
            if (status == HttpURLConnection.HTTP_OK) {
                mediaType =
                        Optional.ofNullable(opened.getContentType()).orElse("").toLowerCase(Locale.ROOT);
                return opened.getInputStream();
            }
            Optional<String> to = Optional.ofNullable(opened.getHeaderField("Location"));
            opened.disconnect();
            if (status < 300 || status > 399 || to.isEmpty()) {
                throw new IOException(
                        status == HttpURLConnection.HTTP_UNAUTHORIZED
                                ? "the camera asks for a login, or refuses this one (HTTP 401)"
                                : "the camera answers HTTP " + status);
            }
            address = onTheSameHost(to.get());
        }
        throw new IOException("the camera redirects more than " + MOST_REDIRECTS + " times");
    }

    private URL onTheSameHost(String to) throws IOException {
        URI target;
        try {
            target = address.toURI().resolve(to);
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new IOException("the camera redirects to an address that is none", e);
        }
        String scheme = String.valueOf(target.getScheme()).toLowerCase(Locale.ROOT);
        boolean http = scheme.equals("https")
                || scheme.equals("http") && address.getProtocol().equals("http");
        if (!http || target.getHost() == null || !target.getHost().equalsIgnoreCase(address.getHost())) {
            throw new IOException("the camera redirects to another host or protocol, which is not followed");
        }
        return target.toURL();
    }

    private boolean isSnapshot() {
        return mediaType.startsWith("image/");
    }

    /** The demuxer that its media type asks for; empty if FFmpeg is to look at the bytes. */
    Optional<String> format() {
        return isSnapshot() || mediaType.startsWith("multipart/") ? Optional.of("mpjpeg") : Optional.empty();
    }

    /** Reads some bytes; -1 at the end. */
    int read(byte[] into, int most) throws IOException {
        int read = body.read(into, 0, Math.min(into.length, most));
        if (read < 0 && interruption.requested()) {
            throw new IOException(name + ": interrupted");
        }
        return read;
    }

    /** In a thread of its own, because it waits for a read that is under way, at most as long as that times out. */
    @Override
    public void close() {
        HttpURLConnection current = connection;
        if (current != null) {
            Thread end = new Thread(current::disconnect, "disconnect-camera");
            end.setDaemon(true);
            end.start();
        }
    }

    /** The pictures of a snapshot address, each as a part of a multipart stream. It has no end. */
    private final class Snapshots implements Enumeration<InputStream> {
        private InputStream answer;

        /** @param answer to the first request */
        Snapshots(InputStream answer) {
            this.answer = answer;
            pace.asked(System.nanoTime());
        }

        @Override
        public boolean hasMoreElements() {
            return true;
        }

        @Override
        public InputStream nextElement() {
            try {
                byte[] jpeg = next();
                String head = "--snapshot\r\nContent-Type: image/jpeg\r\nContent-Length: " + jpeg.length + "\r\n\r\n";
                return new SequenceInputStream(Collections.enumeration(List.of(
                        new ByteArrayInputStream(head.getBytes(US_ASCII)),
                        new ByteArrayInputStream(jpeg),
                        new ByteArrayInputStream("\r\n".getBytes(US_ASCII)))));
            } catch (IOException e) {
                return new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw e;
                    }
                };
            }
        }

        private byte[] next() throws IOException {
            if (answer == null) {
                awaitNext();
                pace.asked(System.nanoTime());
                answer = request();
            }
            try (InputStream in = answer) {
                answer = null;
                if (!isSnapshot()) {
                    throw new IOException("the camera has answered with a picture before, and now with " + mediaType);
                }
                byte[] picture = in.readNBytes(MOST_SNAPSHOT_BYTES + 1);
                if (picture.length > MOST_SNAPSHOT_BYTES) {
                    throw new IOException("the camera's picture has more than " + MOST_SNAPSHOT_BYTES + " bytes");
                }
                if (picture.length < 2 || (picture[0] & 0xff) != 0xff || (picture[1] & 0xff) != 0xd8) {
                    throw new IOException("the camera's picture is not a JPEG");
                }
                return picture;
            }
        }

        private void awaitNext() throws IOException {
            long wait = pace.untilNext(System.nanoTime());
            while (wait > 0) {
                if (interruption.requested()) {
                    throw new IOException("interrupted");
                }
                try {
                    TimeUnit.NANOSECONDS.sleep(Math.min(wait, NAP_NANOS));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted", e);
                }
                wait = pace.untilNext(System.nanoTime());
            }
        }
    }
}
