package io.facestream.detection;

import io.facestream.frames.CameraFrame;
import io.facestream.messaging.RateLimit;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * How many frames each camera has sent, so that one that falls silent is noticed, and what was wrong with them. Serves any number
 * of threads.
 */
final class CameraMetrics {
    /** Producers choose the names: more cameras than these are counted together, under an empty name. */
    static final int MOST_CAMERAS = 1_000;

    private static final Logger LOG = Logger.getLogger(CameraMetrics.class);

    /** A camera on a bad line has damage in every other frame. */
    private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

    private final MeterRegistry registry;
    private final Map<String, Camera> cameras = new ConcurrentHashMap<>();

    CameraMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Of one camera, or of those that are counted together. */
    private record Camera(Counter frames, Counter damaged, Counter turned, RateLimit damageWarnings) {}

    /** A frame came, whatever comes of it; one whose batch comes again counts again. */
    void frame(String camera) {
        of(camera).frames.increment();
    }

    /**
     * Parts of a frame were lost on its way from the camera.
     *
     * @param damage what is missing, in words
     */
    void damaged(CameraFrame frame, String damage) {
        Camera camera = of(frame.camera());
        camera.damaged.increment();
        if (camera.damageWarnings.permits()) {
            LOG.warnf(
                    "camera %s: %s is damaged, and so are maybe others: %s; look at the camera's line",
                    frame.camera(), frame.pointer(), damage);
        }
    }

    /** A camera's pictures look as if they were upright when turned. */
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
