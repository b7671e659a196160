package io.facestream.faces;

import io.facestream.frames.CameraFrame;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** How old frames are by the broker's clock, against the limits of their cameras. */
final class FrameAge {
    private final DetectionConfig config;
    private final Clock clock;
    private final boolean limited;

    FrameAge(DetectionConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
        this.limited = config.maxFrameAge().isPresent()
                || config.cameras().values().stream()
                        .anyMatch(camera -> camera.maxFrameAge().isPresent());
    }

    /** Whether any camera has a limit. */
    boolean isLimited() {
        return limited;
    }

    /** What is wrong with a frame that is older than its camera's limit; empty if it is not. */
    Optional<String> beyondLimit(CameraFrame frame) {
        return config.maxFrameAge(frame.camera()).flatMap(limit -> {
            Duration age = Duration.between(frame.appendedAt(), clock.instant());
            return age.compareTo(limit) <= 0
                    ? Optional.empty()
                    : Optional.of("appended " + age.toMillis() + " ms ago, more than " + limit.toMillis());
        });
    }
}
