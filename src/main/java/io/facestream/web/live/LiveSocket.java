package io.facestream.web.live;

import io.facestream.web.keys.Roles;
import io.facestream.web.users.SocketEnding;
import io.facestream.web.users.SocketUpgrade;
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
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * The socket of the view Live. To the browser go {@link LiveView} messages, and what the cameras do as a text; from it
 * come the numbers of the views that it has drawn.
 */
@WebSocket(path = "/live/socket")
@RolesAllowed(Roles.VIEWER)
public class LiveSocket {
    private static final Logger LOG = Logger.getLogger(LiveSocket.class);
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    private final Viewers viewers;

    LiveSocket(Viewers viewers) {
        this.viewers = viewers;
    }

    private record Connected(WebSocketConnection connection) implements Screen {
        @Override
        public CompletionStage<?> show(LiveView view) {
            return connection.sendBinary(view.message()).subscribeAsCompletionStage();
        }

        @Override
        public CompletionStage<?> tell(String status) {
            return connection.sendText(status).subscribeAsCompletionStage();
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
        viewers.open(connection.id(), connection.userData().get(SocketUpgrade.SESSION), new Connected(connection));
    }

    @OnTextMessage
    @NonBlocking
    void drawn(String sequence, WebSocketConnection connection) {
        if (NUMBER.matcher(sequence).matches()) {
            viewers.drawn(connection.id(), Long.parseLong(sequence));
        }
    }

    @OnClose
    @NonBlocking
    void close(WebSocketConnection connection) {
        viewers.close(connection.id());
    }

    @OnError
    @NonBlocking
    void fail(Throwable failure) {
        LOG.debug("a socket failed", failure);
    }
}
