package io.facestream.detection;

import io.facestream.frames.CameraFrame;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Compares the age of frames by the broker's clock with the limits of their cameras. */
final class FrameAge {
    private final CameraSettings settings;
    private final Clock clock;

    FrameAge(CameraSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
    }

    /** A description of the excess age of a frame; empty if the frame is within its camera's limit. */
    Optional<String> beyondLimit(CameraFrame frame) {
        return settings.maxFrameAge(frame.camera()).flatMap(limit -> {
            Duration age = Duration.between(frame.appendedAt(), clock.instant());
            return age.compareTo(limit) <= 0
                    ? Optional.empty()
                    : Optional.of("appended " + age.toMillis() + " ms ago, more than " + limit.toMillis());
        });
    }
}
