package io.facestream.detection;

import io.facestream.frames.CameraFrame;
import io.facestream.messaging.RateLimit;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/** Counts the frames of each camera, so that a silent camera is noticed, and the faults of its frames. Thread-safe. */
final class CameraMetrics {
    /** Producers choose the names, so further cameras are counted together under an empty name. */
    static final int MOST_CAMERAS = 1_000;

    private static final Logger LOG = Logger.getLogger(CameraMetrics.class);

    /** A camera on a bad connection may have damage in every other frame. */
    private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

    private final MeterRegistry registry;
    private final Map<String, Camera> cameras = new ConcurrentHashMap<>();

    CameraMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** The metrics of one camera, or of the cameras that are counted together. */
    private record Camera(Counter frames, Counter damaged, Counter turned, RateLimit damageWarnings) {}

    /** Counts a frame, whatever its result. A frame of a repeated batch counts again. */
    void frame(String camera) {
        of(camera).frames.increment();
    }

    /**
     * Counts a frame of which parts were lost on the way from the camera.
     *
     * @param damage a description of what is missing
     */
    void damaged(CameraFrame frame, String damage) {
        Camera camera = of(frame.camera());
        camera.damaged.increment();
        if (camera.damageWarnings.permits()) {
            LOG.warnf(
                    "camera %s: %s is damaged, and others may be: %s; check the camera's connection",
                    frame.camera(), frame.pointer(), damage);
        }
    }

    /** Counts a hint that a camera's pictures need to be turned. */
    void turned(String camera) {
        of(camera).turned.increment();
    }

    private Camera of(String name) {
        Camera known = cameras.get(name);
        return known != null ? known : cameras.computeIfAbsent(cameras.size() < MOST_CAMERAS ? name : "", this::camera);
    }

    private Camera camera(String name) {
        if (name.isEmpty()) {
            LOG.warnf("there are more than %d cameras: the others are counted together", MOST_CAMERAS);
        }
        return new Camera(
                counter(name, "facestream.camera.frames", "Frames of a camera"),
                counter(name, "facestream.camera.damaged.frames", "Frames of which parts were lost"),
                counter(name, "facestream.camera.turned.hints", "Times that pictures seemed to be turned"),
                new RateLimit(BETWEEN_WARNINGS));
    }

    private Counter counter(String camera, String name, String description) {
        return Counter.builder(name)
                .description(description)
                .tag("camera", camera)
                .register(registry);
    }
}
