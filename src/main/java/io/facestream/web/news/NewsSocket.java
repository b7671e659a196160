package io.facestream.web.news;

import io.facestream.web.keys.Roles;
import io.facestream.web.users.SocketEnding;
import io.facestream.web.users.SocketUpgrade;
import io.facestream.web.users.WebSession;
import io.quarkus.websockets.next.CloseReason;
import io.quarkus.websockets.next.OnClose;
import io.quarkus.websockets.next.OnError;
import io.quarkus.websockets.next.OnOpen;
import io.quarkus.websockets.next.OnTextMessage;
import io.quarkus.websockets.next.WebSocket;
import io.quarkus.websockets.next.WebSocketConnection;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.annotation.security.RolesAllowed;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;

/** The socket of a list of visits. The browser gets a word when there is news, and nothing else; it says nothing. */
@WebSocket(path = "/visits/socket")
@RolesAllowed(Roles.VIEWER)
public class NewsSocket {
    private static final Logger LOG = Logger.getLogger(NewsSocket.class);
    private static final String WORD = "changed";

    private final News news;

    NewsSocket(News news) {
        this.news = news;
    }

    private record Connected(WebSocketConnection connection, WebSession session) implements Listener {
        @Override
        public CompletionStage<?> tell() {
            return connection.sendText(WORD).subscribeAsCompletionStage();
        }

        @Override
        public void close(SocketEnding ending) {
            connection
                    .close(new CloseReason(ending.code()))
                    .subscribe()
                    .with(done -> {}, failure -> LOG.debug("a socket is gone", failure));
        }
    }

    @OnOpen
    @NonBlocking
    void open(WebSocketConnection connection) {
        news.open(
                connection.id(), new Connected(connection, connection.userData().get(SocketUpgrade.SESSION)));
    }

    /** A browser has nothing to say. */
    @OnTextMessage
    @NonBlocking
    void ignore(String message) {
        LOG.trace("a message was ignored");
    }

    @OnClose
    @NonBlocking
    void close(WebSocketConnection connection) {
        news.close(connection.id());
    }

    @OnError
    @NonBlocking
    void fail(Throwable failure) {
        LOG.debug("a socket failed", failure);
    }
}
