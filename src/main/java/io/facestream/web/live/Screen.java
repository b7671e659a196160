package io.facestream.web.live;

import io.facestream.web.users.SocketEnding;
import java.util.concurrent.CompletionStage;

/** A browser's end of a socket. */
interface Screen {
    /** Completes when the picture is on its way, or never will be. */
    CompletionStage<?> show(LiveView view);

    /** Sends what the cameras do, as JSON; completes as for a picture. */
    CompletionStage<?> tell(String status);

    void close(SocketEnding ending);
}
