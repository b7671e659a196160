package io.facestream.web.live;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.facestream.database.Sql;
import io.facestream.messaging.Sha256;
import io.facestream.web.users.WebSession;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.sql.DataSource;

/** Sockets of the page without a browser: of the view Live, and of lists of visits. */
public final class LiveSockets implements AutoCloseable {
    private final int port;
    private final DataSource owner;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<WebSocket> open = new ArrayList<>();

    /** @param owner of the database, who may open sessions */
    public LiveSockets(int port, DataSource owner) {
        this.port = port;
        this.owner = owner;
    }

    /** One socket, and what came by it. */
    public static final class Socket implements WebSocket.Listener {
        private final String session;
        private final boolean isStuck;
        private final ByteArrayOutputStream message = new ByteArrayOutputStream();
        private final Map<String, Integer> views = new ConcurrentHashMap<>();
        private final AtomicInteger words = new AtomicInteger();
        private final Consumer<Socket> onWord;
        private volatile Integer closedWith;

        private Socket(String session, boolean isStuck, Consumer<Socket> onWord) {
            this.session = session;
            this.isStuck = isStuck;
            this.onWord = onWord;
        }

        public String session() {
            return session;
        }

        /** How many pictures of a camera have come. */
        public int views(String camera) {
            return views.getOrDefault(camera, 0);
        }

        /** How many texts have come: words that there is news, or what cameras do. */
        public int words() {
            return words.get();
        }

        /** Null while it is open. */
        public Integer closedWith() {
            return closedWith;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean isLast) {
            byte[] part = new byte[data.remaining()];
            data.get(part);
            message.writeBytes(part);
            if (isLast) {
                Buffer whole = Buffer.buffer(message.toByteArray());
                message.reset();
                JsonObject header = new JsonObject(whole.getString(Integer.BYTES, Integer.BYTES + whole.getInt(0)));
                views.merge(header.getString("camera"), 1, Integer::sum);
                if (!isStuck) {
                    socket.sendText(header.getLong("sequence").toString(), true);
                }
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean isLast) {
            if (isLast) {
                words.incrementAndGet();
                onWord.accept(this);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closedWith = code;
            return null;
        }
    }

    /** The cookie of a new session of that user, who is there already. */
    public String session(String user) throws SQLException {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        Sql.on(
                owner,
                sql -> sql.execute(
                        "insert into facestream.web_session (token_sha256, user_id, expires_at)"
                                + " select ?, id, now() + interval '1 hour' from facestream.web_user where name = ?",
                        Sha256.of(token.getBytes(US_ASCII)),
                        user));
        return token;
    }

    public Socket open(String session) {
        return open(session, "http://127.0.0.1:" + port);
    }

    public Socket open(String session, String origin) {
        return open(new Socket(session, false, word -> {}), "/live/socket", origin);
    }

    /** One that draws nothing that it gets. */
    public Socket openStuck(String session) {
        return open(new Socket(session, true, word -> {}), "/live/socket", "http://127.0.0.1:" + port);
    }

    /**
     * One of a list of visits.
     *
     * @param onWord is called for each word that there is news
     */
    public Socket listen(String session, Consumer<Socket> onWord) {
        return open(new Socket(session, false, onWord), "/visits/socket", "http://127.0.0.1:" + port);
    }

    /** The list of visits, as a page asks for it when there is news: the status of the answer. */
    public CompletableFuture<Integer> visits(String session) {
        return http.sendAsync(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/visits"))
                                .header("Cookie", WebSession.cookie("http") + "=" + session)
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .thenApply(HttpResponse::statusCode);
    }

    private Socket open(Socket socket, String path, String origin) {
        WebSocket opened = http.newWebSocketBuilder()
                .header("Cookie", WebSession.cookie("http") + "=" + socket.session())
                .header("Origin", origin)
                .buildAsync(URI.create("ws://127.0.0.1:" + port + path), socket)
                .join();
        open.add(opened);
        return socket;
    }

    @Override
    public void close() {
        open.forEach(WebSocket::abort);
    }
}
