package io.facestream.web.live;

import java.util.concurrent.CompletionStage;

/** A browser's end of a socket. */
interface Screen {
    /** Completes when the picture is on its way, or never will be. */
    CompletionStage<?> show(LiveView view);

    /** Sends what the cameras do, as JSON. */
    void tell(String status);

    void close(Ending ending);

    /** Why a socket ends, in codes that are free for applications (RFC 6455, 7.4.2). */
    enum Ending {
        SIGNED_OUT(4401),
        TOO_MANY(4429),
        NO_DATABASE(4503);

        private final int code;

        Ending(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }
    }
}
