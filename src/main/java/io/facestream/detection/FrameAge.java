package io.facestream.detection;

import io.facestream.frames.CameraFrame;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** How old frames are by the broker's clock, against the limits of their cameras. */
final class FrameAge {
    private final CameraSettings settings;
    private final Clock clock;

    FrameAge(CameraSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** What is wrong with a frame that is older than its camera's limit; empty if it is not. */
    Optional<String> beyondLimit(CameraFrame frame) {
        return settings.maxFrameAge(frame.camera()).flatMap(limit -> {
            Duration age = Duration.between(frame.appendedAt(), clock.instant());
            return age.compareTo(limit) <= 0
                    ? Optional.empty()
                    : Optional.of("appended " + age.toMillis() + " ms ago, more than " + limit.toMillis());
        });
    }
}
