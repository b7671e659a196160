package io.facestream.web.live;

import com.fasterxml.jackson.annotation.JsonValue;
import io.facestream.web.cameras.Filming;
import java.time.Instant;
import java.util.Locale;

/**
 * How a camera does, as the browser tells it.
 *
 * @param lastFrame when its latest frame came to the broker; null if none is known of
 * @param filming what the role cameras says of it; null if that does not film it
 */
record CameraStatus(String camera, State state, Instant lastFrame, Filming filming) {
    /** What can be told from the topics. */
    enum State {
        /** It may still send: a camera in front of which nothing moves does so every 10 seconds. */
        WAITING,
        SHOWN,
        /** Its frames come, and their faces are not recognised in time. */
        UNRECOGNISED,
        SILENT;

        @JsonValue
        String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    CameraStatus with(Filming other) {
        return new CameraStatus(
                camera, state, lastFrame == null && other != null ? other.lastFrame() : lastFrame, other);
    }
}
