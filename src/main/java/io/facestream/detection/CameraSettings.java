package io.facestream.detection;

import io.facestream.frames.CameraFrame;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Settings of single cameras, by the canonical form of their names; immutable. */
final class CameraSettings {
    private static final Set<Integer> ROTATIONS = Set.of(0, 90, 180, 270);

    private final Map<String, DetectionConfig.CameraConfig> cameras = new HashMap<>();
    private final Optional<Duration> maxFrameAge;

    /** @throws IllegalArgumentException naming the setting, if a value or a camera's name is invalid */
    CameraSettings(DetectionConfig config) {
        maxFrameAge = config.maxFrameAge();
        config.cameras().forEach((raw, camera) -> {
            String setting = "facestream.detection.cameras.\"" + raw + "\"";
            if (!ROTATIONS.contains(camera.rotation())) {
                throw new IllegalArgumentException(
                        setting + ".rotation must be 0, 90, 180 or 270 degrees, not " + camera.rotation());
            }
            String name;
            try {
                name = CameraFrame.cameraName(raw);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(setting + ": not a valid camera name: " + e.getMessage(), e);
            }
            if (cameras.put(name, camera) != null) {
                throw new IllegalArgumentException(setting + ": the camera is set twice, in names that look equal");
            }
        });
    }

    /** The limit in force for a camera. */
    Optional<Duration> maxFrameAge(String camera) {
        return Optional.ofNullable(cameras.get(camera))
                .flatMap(DetectionConfig.CameraConfig::maxFrameAge)
                .or(() -> maxFrameAge);
    }

    /** Degrees clockwise that make the camera's pictures upright: 0, 90, 180 or 270. */
    int rotation(String camera) {
        DetectionConfig.CameraConfig set = cameras.get(camera);
        return set == null ? 0 : set.rotation();
    }
}
