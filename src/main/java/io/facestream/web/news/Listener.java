package io.facestream.web.news;

import io.facestream.web.users.SocketEnding;
import io.facestream.web.users.WebSession;
import java.util.concurrent.CompletionStage;

/** A browser's end of a socket. */
interface Listener {
    WebSession session();

    /** Completes when the message is on its way, or never will be. */
    CompletionStage<?> tell();

    void close(SocketEnding ending);
}
